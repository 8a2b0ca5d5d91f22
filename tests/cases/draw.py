"""Circuits as text."""

import math


def circuit(x, y, z):
    q = x + y
    return q * z


def neuron(w, x):
    dot = w[0] * x[0] + w[1] * x[1] + w[2]
    return 1 / (1 + math.exp(-dot))


def chosen(x, n):
    print("<b>", n)
    if n > 2:
        a = x * x
    else:
        a = math.sin(x)
    return max(a, 1) + a


# $ srcgrad draw draw.py circuit --at "x=-2, y=5, z=-4" --format dot
# output
digraph "circuit" {
  rankdir=LR;
  node [fontname="monospace"];
  edge [fontname="monospace", arrowhead=none];
  n0 [shape=plaintext, label="x"];
  n1 [shape=plaintext, label="y"];
  n2 [shape=plaintext, label="z"];
  n3 [shape=circle, label="+", tooltip="q = x + y"];
  n4 [shape=circle, label="*", tooltip="out = q * z"];
  n0 -> n3 [label=<<font color="#116329">-2.00</font><br/><font color="#b3161b">-4.00</font>>];
  n1 -> n3 [label=<<font color="#116329">5.00</font><br/><font color="#b3161b">-4.00</font>>];
  n2 -> n4 [label=<<font color="#116329">-4.00</font><br/><font color="#b3161b">3.00</font>>];
  n3 -> n4 [label=<<i>q</i><br/><font color="#116329">3.00</font><br/><font color="#b3161b">-4.00</font>>];
  w4 [shape=none, label=""];
  n4 -> w4 [label=<<i>out</i><br/><font color="#116329">-12.00</font><br/><font color="#b3161b">1.00</font>>];
}


# $ srcgrad draw draw.py circuit --at "x=-2, y=5, z=-4" --format mermaid
# output
flowchart LR
  n0["x"]
  n1["y"]
  n2["z"]
  n3(("+"))
  n4(("#42;"))
  n0 -- "-2.00 / -4.00" --- n3
  n1 -- "5.00 / -4.00" --- n3
  n2 -- "-4.00 / 3.00" --- n4
  n3 -- "q: 3.00 / -4.00" --- n4
  w4(( ))
  n4 -- "out: -12.00 / 1.00" --- w4


# $ srcgrad draw draw.py neuron --at "w=[2, -3, -3], x=[-1, -2]" --format mermaid --no-composites
# output
flowchart LR
  n0["w[0]"]
  n1["w[1]"]
  n2["w[2]"]
  n3["x[0]"]
  n4["x[1]"]
  n5(("#42;"))
  n6(("#42;"))
  n7(("+"))
  n8(("+"))
  n9(("#42;-1"))
  n10(("exp"))
  n11(("+1"))
  n12(("1/x"))
  n0 -- "2.00 / -0.20" --- n5
  n1 -- "-3.00 / -0.39" --- n6
  n2 -- "-3.00 / 0.20" --- n8
  n3 -- "-1.00 / 0.39" --- n5
  n4 -- "-2.00 / -0.59" --- n6
  n5 -- "-2.00 / 0.20" --- n7
  n6 -- "6.00 / 0.20" --- n7
  n7 -- "4.00 / 0.20" --- n8
  n8 -- "dot: 1.00 / 0.20" --- n9
  n9 -- "-1.00 / -0.20" --- n10
  n10 -- "0.37 / -0.53" --- n11
  n11 -- "1.37 / -0.53" --- n12
  w12(( ))
  n12 -- "out: 0.73 / 1.00" --- w12


# $ srcgrad draw draw.py chosen --at "x=2.0, n=3" --format dot
# output
digraph "chosen" {
  rankdir=LR;
  node [fontname="monospace"];
  edge [fontname="monospace", arrowhead=none];
  n0 [shape=plaintext, label="x"];
  n1 [shape=plaintext, label="n"];
  n2 [shape=box, style=rounded, label="n > 2", tooltip="t1 = n > 2", color=gray50, fontcolor=gray50];
  n3 [shape=circle, label="**2", tooltip="a = x * x"];
  n4 [shape=circle, label="=", tooltip="a3 = a"];
  n5 [shape=box, style=rounded, label="max 1", tooltip="t2 = max(a3, 1)"];
  n6 [shape=circle, label="+", tooltip="out = t2 + a3"];
  n0 -> n3 [label=<<font color="#116329">2.00</font><br/><font color="#b3161b">8.00</font>>];
  n1 -> n2 [label=<<font color="#116329">3.00</font><br/><font color="#b3161b">0.00</font>>];
  w2 [shape=none, label=""];
  n2 -> w2 [label=<<font color="#116329">True</font>>];
  n3 -> n4 [label=<<i>a</i><br/><font color="#116329">4.00</font><br/><font color="#b3161b">2.00</font>>];
  w4 [shape=point, label=""];
  n4 -> w4 [label=<<i>a3</i><br/><font color="#116329">4.00</font><br/><font color="#b3161b">2.00</font>>];
  w4 -> n5;
  w4 -> n6;
  n5 -> n6 [label=<<font color="#116329">4.00</font><br/><font color="#b3161b">1.00</font>>];
  w6 [shape=none, label=""];
  n6 -> w6 [label=<<i>out</i><br/><font color="#116329">8.00</font><br/><font color="#b3161b">1.00</font>>];
}
# stderr
<b> 3


# $ srcgrad draw draw.py chosen --at "x=2.0, n=1" --format mermaid
# output
flowchart LR
  n0["x"]
  n1["n"]
  n2("n #62; 2")
  n3(("sin"))
  n4(("="))
  n5("max 1")
  n6(("+"))
  n0 -- "2.00 / -0.42" --- n3
  n1 -- "1.00 / 0.00" --- n2
  w2(( ))
  n2 -- "False" --- w2
  n3 -- "a2: 0.91 / 1.00" --- n4
  w4(( ))
  n4 -- "a3: 0.91 / 1.00" --- w4
  w4 --- n5
  w4 --- n6
  n5 -- "1.00 / 1.00" --- n6
  w6(( ))
  n6 -- "out: 1.91 / 1.00" --- w6
  classDef idle stroke-dasharray: 3 2,opacity: 0.7
  class n2 idle
# stderr
<b> 1


# $ srcgrad draw draw.py chosen --format mermaid -o chosen.mmd
# output
flowchart LR
  n0["x"]
  n1["n"]
  n2("n #62; 2")
  n3(("#42;#42;2"))
  n4(("="))
  n5(("sin"))
  n6(("="))
  n7("max 1")
  n8(("+"))
  w0(( ))
  n0 --- w0
  w0 --- n3
  w0 --- n5
  n1 --- n2
  n3 -- "a" --- n4
  w4(( ))
  n4 -- "a3" --- w4
  w4 --- n7
  w4 --- n8
  n5 -- "a2" --- n6
  w6(( ))
  n6 -- "a3" --- w6
  w6 --- n7
  w6 --- n8
  n7 --- n8
  w8(( ))
  n8 -- "out" --- w8


# $ srcgrad draw draw.py circuit --output circuit.png
# exit 1
# stderr
error: a name that ends in .png says no format
hint: end it in .svg, .html, .htm, .dot, .gv, .mmd


# $ srcgrad draw draw.py circuit --output circuit
# exit 1
# stderr
error: a name that ends in nothing says no format
hint: end it in .svg, .html, .htm, .dot, .gv, .mmd


# $ srcgrad draw draw.py circuit --format svg --output draw.py
# exit 2
# stderr
srcgrad draw: draw.py is the input
