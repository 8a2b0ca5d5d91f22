"""The Wengert list."""

import math


def sigmoid(x):
    return 1 / (1 + math.exp(-x))


def staged(x, y):
    xpy = x + y
    xpy = xpy**2
    return (x + sigmoid(y)) / (sigmoid(x) + xpy)


def neuron(w, x):
    dot = w[0] * x[0] + w[1] * x[1] + w[2]
    return math.tanh(dot)


# $ srcgrad trace trace.py staged neuron
# output
staged(x, y)
  1  xpy = x + y                  add
  2  xpy2 = xpy**2                square
  3  t1 = 1 / (1 + math.exp(-y))  sigmoid
  4  t2 = x + t1                  add
  5  t3 = 1 / (1 + math.exp(-x))  sigmoid
  6  t4 = t3 + xpy2               add
  7  out = t2 / t4                divide
     return out

neuron(w, x)
  1  t1 = w[0] * x[0]      multiply
  2  t2 = w[1] * x[1]      multiply
  3  t3 = t1 + t2          add
  4  dot = t3 + w[2]       add
  5  out = math.tanh(dot)  tanh
     return out


# $ srcgrad trace trace.py sigmoid
# output
sigmoid(x)
  1  out = 1 / (1 + math.exp(-x))  sigmoid
     return out


# $ srcgrad trace trace.py nothing
# exit 1
# stderr
error: no function 'nothing' at the top level of trace.py
hint: there are: sigmoid, staged, neuron
