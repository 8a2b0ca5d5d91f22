"""The Wengert list with its values, and the gradients on them; the numbers of the circuits are the notes' own."""

import math

import numpy as np

SCALE = [1.0, 2.0]


def circuit(x: float, y: float, z: float):
    q = x + y
    f = q * z
    return f


def routes(x: float, y: float, z: float, w: float):
    return (x * y + max(z, w)) * 2


def neuron(w: list[float], x: list[float]):
    dot = w[0] * x[0] + w[1] * x[1] + w[2]
    return 1.0 / (1 + math.exp(-dot))


def softmax_loss(W, b, x, y):
    scores = x @ W + b
    p = np.exp(scores) / np.sum(np.exp(scores), axis=1, keepdims=True)
    return -np.sum(np.log(p[np.arange(len(y)), y]))


def bias(x, b):
    return np.sum((x + b) ** 2 * b)


def arms(x, y):
    if x > y:
        z = np.log(x)
    else:
        z = np.sqrt(y - x)
        z = z * 2
    return z * (x if y > 0 else y)


def scaled(x: float):
    return x * SCALE[1]


def half(a, b):
    c = a / b
    return c * 2


def read_through(x: float, y: float):
    return half(x, y) + half(y, x)


def packs(p: dict[str, float], *rest: float, by: float = 2.0):
    return p["a"] * rest[0] * by, p["b"] + rest[1]


def rows(x):
    first = x[0]
    return np.sum(first) * np.sum(x**2)


def items(w: list[float]):
    a, b = w
    pair = [a * b, a]
    return pair[0] + pair[1]


# $ srcgrad trace values.py circuit --at "x=-2, y=5, z=-4"
# output
circuit(x, y, z)          value  gradient
     x                       -2        -4
     y                        5        -4
     z                       -4         3
  1  q = x + y  add           3        -4
  2  f = q * z  multiply    -12         1
     return f


# $ srcgrad trace values.py circuit --at "x=-2, y=5, z=-4" --backward
# output
circuit_grad(x, y, z)          value
     # backprop f = q * z
  1  dq = z   multiply swaps      -4
  2  dz = q   multiply swaps       3
     # backprop q = x + y
  3  dx = dq  add distributes     -4
  4  dy = dq  add distributes     -4
     return dx, dy, dz


# $ srcgrad trace values.py routes --at "3, -4, 2, -1"
# output
routes(x, y, z, w)             value  gradient
     x                             3        -8
     y                            -4         6
     z                             2         2
     w                            -1         0
  1  t1 = x * y      multiply    -12         2
  2  t2 = max(z, w)  maximum       2         2
  3  t3 = t1 + t2    add         -10         2
  4  out = t3 * 2    multiply    -20         1
     return out


# $ srcgrad trace values.py neuron --at "w=[2, -3, -3], x=[-1, -2]" --no-composites
# output
neuron(w, x)                         value  gradient
     w[0]                                2   -0.1966
     w[1]                               -3   -0.3932
     w[2]                               -3    0.1966
     x[0]                               -1    0.3932
     x[1]                               -2   -0.5898
  1  t1 = w[0] * x[0]   multiply        -2    0.1966
  2  t2 = w[1] * x[1]   multiply         6    0.1966
  3  t3 = t1 + t2       add              4    0.1966
  4  dot = t3 + w[2]    add              1    0.1966
  5  t4 = -dot          negative        -1   -0.1966
  6  t5 = math.exp(t4)  exp         0.3679   -0.5344
  7  t6 = 1 + t5        add          1.368   -0.5344
  8  out = 1.0 / t6     reciprocal  0.7311         1
     return out


# $ srcgrad trace values.py neuron --at "w=[2, -3, -3], x=[-1, -2]" --backward
# output
neuron_grad(w, x)                                           value
     # backprop out = 1.0 / (1 + math.exp(-dot))
  1  ddot = (1 - out) * out  the local gradient of sigmoid  0.1966
     # backprop dot = w[0] * x[0] + w[1] * x[1] + w[2]
  2  dw = [x[0] * ddot, x[1] * ddot, ddot]                  [-0.1966, -0.3932, 0.1966]
  3  dx = [w[0] * ddot, w[1] * ddot]                        [0.3932, -0.5898]
     return dw, dx


# $ srcgrad trace values.py neuron --no-composites
# output
neuron(w, x)
  1  t1 = w[0] * x[0]   multiply
  2  t2 = w[1] * x[1]   multiply
  3  t3 = t1 + t2       add
  4  dot = t3 + w[2]    add
  5  t4 = -dot          negative
  6  t5 = math.exp(t4)  exp
  7  t6 = 1 + t5        add
  8  out = 1.0 / t6     reciprocal
     return out


# $ srcgrad trace values.py softmax_loss --at "W=[[0.1, 0.2], [0.3, -0.4]], b=[0.1, 0.2], x=np.ones((3, 2)), y=[0, 1, 1]" --wrt W,b
# output
softmax_loss(W, b, x, y)                                                           value                                gradient
     W                                                                             (2, 2) -0.4 .. 0.3, norm 0.5477      (2, 2) -0.8674 .. 0.8674, norm 1.735
     b                                                                             (2,) 0.1 .. 0.2, norm 0.2236         (2,) -0.8674 .. 0.8674, norm 1.227
     x                                                                             (3, 2) 1 .. 1, norm 2.449
     y                                                                             (3,) 0 .. 1, norm 1.414
  1  t1 = x @ W                                                          matmul    (3, 2) -0.2 .. 0.4, norm 0.7746      (3, 2) -0.6225 .. 0.6225, norm 1.355
  2  scores = t1 + b                                                     add       (3, 2) 0 .. 0.5, norm 0.866          (3, 2) -0.6225 .. 0.6225, norm 1.355
  3  p = np.exp(scores) / np.sum(np.exp(scores), axis=1, keepdims=True)  softmax   (3, 2) 0.3775 .. 0.6225, norm 1.261  (3, 2) -2.649 .. 0, norm 4.076
  4  t2 = np.arange(len(y))                                              arange    (3,) 0 .. 2, norm 2.236
  5  t3 = p[t2, y]                                                       index     (3,) 0.3775 .. 0.6225, norm 0.8201   (3,) -2.649 .. -1.607, norm 4.076
  6  t4 = np.log(t3)                                                     log       (3,) -0.9741 .. -0.4741, norm 1.457  (3,) -1 .. -1, norm 1.732
  7  t5 = np.sum(t4)                                                     sum       -2.422                               -1
  8  out = -t5                                                           negative  2.422                                1
     return out


# $ srcgrad trace values.py softmax_loss --at "W=[[0.1, 0.2], [0.3, -0.4]], b=[0.1, 0.2], x=np.ones((3, 2)), y=[0, 1, 1]" --wrt W,b --backward
# output
softmax_loss_grad(W, b, x, y)                                                                   value
     # backprop out = -np.sum(np.log(p[np.arange(len(y)), y]))
  1  dp = np.zeros_like(p)                                       the local gradient of index    (3, 2) 0 .. 0, norm 0
  2  dp[np.arange(len(y)), y] = -1.0 / t1                        the local gradient of index    (3, 2) -2.649 .. 0, norm 4.076
     # backprop p = np.exp(scores) / np.sum(np.exp(scores), axis=1, keepdims=True)
  3  dscores = p * (dp - np.sum(p * dp, axis=1, keepdims=True))  the local gradient of softmax  (3, 2) -0.6225 .. 0.6225, norm 1.355
     # backprop scores = x @ W + b
  4  dW = x.T @ dscores                                          the local gradient of matmul   (2, 2) -0.8674 .. 0.8674, norm 1.735
  5  db = np.sum(dscores, axis=0)                                add distributes                (2,) -0.8674 .. 0.8674, norm 1.227
     return dW, db


# $ srcgrad trace values.py bias --at "x=np.ones((3, 2)), b=[1.0, 2.0]"
# output
bias(x, b)                       value                       gradient
     x                           (3, 2) 1 .. 1, norm 2.449   (3, 2) 4 .. 12, norm 21.91
     b                           (2,) 1 .. 2, norm 2.236     (2,) 24 .. 63, norm 67.42
  1  t1 = x + b        add       (3, 2) 2 .. 3, norm 6.245   (3, 2) 4 .. 12, norm 21.91
  2  t2 = t1 ** 2      square    (3, 2) 4 .. 9, norm 17.06   (3, 2) 1 .. 2, norm 3.873
  3  t3 = t2 * b       multiply  (3, 2) 4 .. 18, norm 31.94  (3, 2) 1 .. 1, norm 2.449
  4  out = np.sum(t3)  sum       66                          1
     return out


# $ srcgrad trace values.py arms --at "x=1, y=2.0"
# output
arms(x, y)                             value  gradient
      x                                    1         1
      y                                    2         1
   1  t1 = x > y            condition  False
   2  if t1:
   3      z = np.log(x)     log
   4      z4 = z            copy
   5  else:
   6      t2 = y - x        subtract       1         1
   7      z2 = np.sqrt(t2)  sqrt           1         2
   8      z3 = z2 * 2       multiply       2         1
   9      z4 = z3           copy           2         1
  10  t3 = y > 0            condition   True
  11  if t3:
  12      t4_ = x           copy           1         2
  13  else:
  14      t4_ = y           copy
  15  out = z4 * t4_        multiply       2         1
      return out


# $ srcgrad trace values.py scaled --at 3
# output
scaled(x)                     value  gradient
     x                            3         2
  1  t1 = SCALE[1]  no gate       2
  2  out = x * t1   multiply      6         1
     return out


# $ srcgrad trace values.py read_through --at "x=1, y=2"
# output
read_through(x, y)            value  gradient
     x                            1        -3
     y                            2       1.5
  1  c = x / y      divide      0.5         2
  2  t1 = c * 2     multiply      1         1
  3  c2 = y / x     divide        2         2
  4  t2 = c2 * 2    multiply      4         1
  5  out = t1 + t2  add           5         1
     return out


# $ srcgrad trace values.py packs --at "{'a': 2, 'b': 3}, 4, 5"
# output
packs(p, rest, by)                      value  gradient
     p["a"]                                 2         8
     p["b"]                                 3         1
     rest[0]                                4         4
     rest[1]                                5         1
     by                                     2
  1  t1 = p["a"] * rest[0]    multiply      8         2
  2  out1 = t1 * by           multiply     16         1
  3  out2 = p["b"] + rest[1]  add           8         1
     return (out1, out2)


# $ srcgrad trace values.py packs --at "{'a': 2, 'b': 3}, 4, 5" --backward
# output
packs_vjp(dout1, dout2, p, rest, by)                            value
     dout1                                                      1
     dout2                                                      1
     # backprop return p["a"] * rest[0] * by, p["b"] + rest[1]
  1  dt1 = by * dout1  multiply swaps                           2
  2  dp = {"a": rest[0] * dt1, "b": dout2}                      {a: 8, b: 1}
  3  drest = (p["a"] * dt1, dout2)                              (4, 1)
     return dp, drest


# $ srcgrad trace values.py rows --at "x=[[1, 2], [3, 4]]"
# output
rows(x)                            value                       gradient
     x                             (2, 2) 1 .. 4, norm 5.477   (2, 2) 18 .. 42, norm 62.93
     x[0]                          (2,) 1 .. 2, norm 2.236     (2,) 36 .. 42, norm 55.32
  1  first = x[0]        copy      (2,) 1 .. 2, norm 2.236     (2,) 30 .. 30, norm 42.43
  2  t1 = np.sum(first)  sum       3                           30
  3  t2 = x**2           square    (2, 2) 1 .. 16, norm 18.81  (2, 2) 3 .. 3, norm 6
  4  t3 = np.sum(t2)     sum       30                          3
  5  out = t1 * t3       multiply  90                          1
     return out


# $ srcgrad trace values.py items --at "[2, 3]"
# output
items(w)                                value   gradient
     w[0]                               2       4
     w[1]                               3       2
  1  a, b = w                 copy      (2, 3)  (4, 2)
  2  t1 = a * b               multiply  6       1
  3  pair = [t1, a]           copy      (6, 2)  (1, 1)
  4  out = pair[0] + pair[1]  add       8       1
     return out
