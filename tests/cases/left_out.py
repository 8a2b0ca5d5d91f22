"""Without names, what cannot be differentiated is left out, and stderr says why."""

import math


def area(r):
    return math.pi * r**2


def sign(x):
    if x > 0:
        return 1.0
    return -1.0


def main():
    print(area(2.0))


if __name__ == "__main__":
    main()


# $ srcgrad emit left_out.py
# >>> area_grad(0.75) == 4.71238898038469
# stderr
left_out.py:7:12: error: no gate for the operator *, and the gradient on r must pass through it
        return math.pi * r**2
               ^^^^^^^^^^^^^^
hint: write it with gates that srcgrad knows, or leave it out of wrt


# $ srcgrad emit left_out.py area sign
# exit 1
# stderr
left_out.py:7:12: error: no gate for the operator *, and the gradient on r must pass through it
        return math.pi * r**2
               ^^^^^^^^^^^^^^
hint: write it with gates that srcgrad knows, or leave it out of wrt


# $ srcgrad emit left_out.py nothing
# exit 1
# stderr
error: no function 'nothing' at the top level of left_out.py
hint: there are: area, sign, main
