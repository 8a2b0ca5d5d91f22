# ruff: noqa: E501
"""What random programs of arrays are written with: a table of texts with blanks, each with what it asks of them.

Row by row: how often a text of the row is taken, what must hold of the blanks, as numpy says it (`where` of a single
text follows it in a pair), and the texts. A text that numpy does not take is not written, and the shape of its result is
what numpy makes of it. `{x}` is any operand, the blanks of array_blanks.py are filled for it; `{new}` are names that a
statement binds.
"""

from __future__ import annotations

from array_blanks import Row

ANY, ARRAY, VECTOR, MATRIX = "True", "np.ndim({x}) > 0", "np.ndim({x}) == 1", "np.ndim({x}) == 2"
TALL = "np.ndim({x}) > 0 and len({x}) > 1"
APART = "np.ndim({x}) > 0 and apart({x})"
SQUARE = "np.ndim({x}) == 2 and {x}.shape[0] == {x}.shape[1]"
STACK = "np.ndim({x}) >= 2"

GENERAL = "({x} + 3.0 * {eye})"
SYMMETRIC = "({x} @ np.swapaxes({x}, -1, -2) + 2.0 * {eye})"
SOUND = f"{SQUARE} and np.linalg.cond({GENERAL}) < 30"
SPREAD = f"{STACK} and apart(np.linalg.eigvalsh({SYMMETRIC}))"
RANKED = f"{MATRIX} and apart(np.linalg.svdvals({{x}})) and away(np.linalg.svdvals({{x}}))"

EXPRESSIONS: tuple[Row, ...] = (
    # arithmetic
    (9, ANY, (
        "{x} + {y}", "{x} - {y}", "{x} + {c}", "{c} - {x}", "np.add({x}, {y})", "np.subtract({x}, {y})",
        "{x} * {y}", "{x} * {y}", "{c} * {x}", "{x} * {like}", "np.multiply({x}, {y})",
    )),
    (2, ANY, (
        "{x} / (1.5 + {y} ** 2)", "{x} / {c}", "{x} / np.exp({y})", "{x} / {size}", "2.0 / (1.5 + {y} ** 2)",
        ("{x} / np.sum({y} ** 2)", "np.sum({y} ** 2) > 0.01"), ("1 / {x}", "away({x})"),
        ("np.reciprocal({x})", "away({x})"),
    )),
    (2, ANY, (
        "{x} ** 2", "{x} ** 3", "2.0 ** {x}", "({x} ** 2 + 1) ** 0.5", "({x} ** 2 + 1) ** {y}", "({x} ** 2 + 1) ** -1",
        "np.power({x}, 2)", "{x} ** 2 + {y} ** 2", "{x} * {x}", "np.float_power({x} ** 2 + 1, 1.5)",
    )),
    # item by item
    (5, ANY, (
        "np.sin({x})", "np.cos({x})", "np.tanh({x})", "np.exp({x})", "np.arctan({x})", "np.expm1({x})", "-{x}",
        "np.square({x})", "np.arcsinh({x})", "np.log(1 + {x} ** 2)", "np.sqrt({x} ** 2 + 0.1)",
        "1 / (1 + np.exp(-{x}))",
        "np.log1p(np.exp({x}))", "np.logaddexp({x}, {y})", "np.hypot({x}, 1 + {y} ** 2)",
        "np.arctan2({x}, 2 + {y} ** 2)",
        "np.sinc({x} + 3.5)", "np.cbrt({x} ** 2 + 1)", "np.copy({x})",
    )),
    (2, "away({x})", (
        "np.abs({x})", "np.maximum({x}, 0)", "np.maximum(0, {x})", "np.log(np.abs({x}))", "np.copysign({c}, {x}) * {x}",
        "{x} * ({x} > 0)", "np.sqrt(np.abs({x}))", "np.sign({x}) * {y}", "np.fabs({x})", "np.nan_to_num({x})",
    )),
    # of several
    (3, ANY, (
        ("np.maximum({x}, {y})", "away({x} - {y})"), ("np.minimum({x}, {y})", "away({x} - {y})"),
        ("np.minimum({x}, 0.5)", "away({x} - 0.5)"),
        ("np.clip({x}, -0.5, 0.5)", "away({x} ** 2 - 0.25)"), ("np.clip({x}, None, {c})", "away({x} - {c})"),
        ("{x}.clip(-1, 1)", "away({x} ** 2 - 1)"), ("np.where({y} > {z}, {x}, {z})", "away({y} - {z})"),
        ("np.where({x} > {c}, {x}, {y})", "away({x} - {c})"),
        ("np.where({like} > 0.1, {like}, 0.0) + {x}", "away({like} - 0.1)"),
        ("np.select([{x} > 0.5, {x} < -0.5], [{x} ** 2, {y}], {c})", "away({x} ** 2 - 0.25)"),
        ("np.fmax({x}, {y})", "away({x} - {y})"), ("({x} if {test} else {y})", ANY),
        ("({x} if {test} else {like})", ANY),
    )),
    # reductions
    (8, ANY, (
        "np.sum({x}, {over})", "np.mean({x}, {over})", "np.sum({x}, {over})", "np.mean({x}, {over})",
        "np.var({x}, {over})",
        ("np.std({x}, {over})", "np.var({x}, {over}) > 0.001"), "np.prod({x}, {over})", "np.nansum({x}, {over})",
        "np.nanmean({x}, {over})", "np.nanvar({x}, {over})",
        ("np.nanstd({x}, {over})", "np.var({x}, {over}) > 0.001"), "np.nanprod({x}, {over})",
    )),
    (6, ARRAY, (
        "{x}.sum({over})", "{x}.mean({over})", "{x}.var({over})", ("{x}.std({over})", "{x}.var({over}) > 0.001"),
        "{x}.prod({over})",
        "np.average({x}, {over})", "np.average({x}, axis={axis}, weights=np.exp({like}))",
        "np.var({x}, axis={axis}, ddof=1)",
        ("np.std({x}, axis={axis}, ddof=1)", "np.var({x}, axis={axis}) > 0.001"), "sum({x})", "sum(({x}, {y}, {z}))",
        "sum([{x}, {like}])",
        "np.nansum(np.where({mask}, {x}, np.nan), {over})",
        "np.nanmean(np.where(np.arange({columns}) > 0, {x}, np.nan), axis=-1)",
    )),
    (5, APART, (
        "np.max({x}, {over})", "np.min({x}, {over})", "{x}.max({over})", "{x}.min({over})", "np.amax({x}, {over})",
        "np.ptp({x}, {over})",
        "np.nanmax({x}, {over})", "np.nanmin({x}, {over})", "np.median({x}, {over})", "np.quantile({x}, {q}, {over})",
        "np.percentile({x}, {percent}, {over})", "np.sort({x}, axis={axis})", "np.sort({x})",
        "np.sort({x}, axis=None)", "np.sort({x})[::-1]",
        "np.take_along_axis({x}, np.argsort({x}, axis={axis}), axis={axis})",
        "np.maximum.accumulate({x}, axis={axis})", "np.minimum.accumulate({x}, axis={axis})",
        "np.maximum.accumulate({x})", "{x}[np.argmax({x}, axis=0)]",
        "np.quantile({x}, {q}, axis={axis}, keepdims=True)", "{x}.ravel()[{x}.argmin()]",
        "np.sort({x}, axis={axis}).cumsum({axis})", "np.expand_dims(np.argmax({x}, axis={axis}), {axis}) * {x}",
    )),
    # along an axis
    (5, ARRAY, (
        "np.cumsum({x}, axis={axis})", "np.cumsum({x})", "{x}.cumsum({axis})",
        ("np.cumprod({x}, axis={axis})", "away({x})"), ("{x}.cumprod()", "away({x})"), "np.diff({x}, axis={axis})",
        "np.diff({x}, 2, axis={axis})", "np.diff({x})", "np.trapezoid({x}, axis={axis})", "np.trapezoid({x}, dx=0.5)",
        "np.trapezoid({x}, {grid})", ("np.ediff1d({x})", "np.ndim({x}) == 1"),
        "np.exp({x}) / np.sum(np.exp({x}), axis={axis}, keepdims=True)",
        "{x} - np.mean({x}, axis={axis}, keepdims=True)", "{x} - {x}.mean(0)",
        "np.log(np.sum(np.exp({x}), axis={axis}))", "{x} / np.sqrt(np.sum({x} ** 2, axis={axis}, keepdims=True) + 0.1)",
        "{x}[1:] - {x}[:-1]", "np.cumsum({x}[::-1])[::-1]",
    )),
    (2, TALL, (
        "np.gradient({x}, axis={axis})", "np.gradient({x}, 0.5, axis={axis})", "np.gradient({x})",
        "np.gradient({x}, {grid}, axis=-1)", "np.gradient({x})[0]",
    )),
    (2, VECTOR, (
        ("np.convolve({x}, {y})", "np.ndim({y}) == 1"), ("np.convolve({x}, {y}, 'same')", "np.ndim({y}) == 1"),
        ("np.convolve({x}, {y}, mode='valid')", "np.ndim({y}) == 1"),
        ("np.correlate({x}, {y}, 'full')", "np.ndim({y}) == 1"), ("np.correlate({x}, {y})", "np.ndim({y}) == 1"),
        ("np.interp({y}, {grid}, {x})", "len({x}) > 1"),
        "np.interp({x}, np.array([-3.0, -1.0, 0.5, 4.0]), np.array([1.0, 2.0, -0.3, 0.7]))",
        ("np.interp({c}, np.cumsum(np.exp({x})), {like})", "len({x}) > 1"),
        "np.polyval({x}, {y})", "np.vander({x}, 3)", "np.vander({x}, 2)", "np.unwrap({x})",
    )),
    # products
    (5, ANY, (
        "{x} @ {y}", "{x} @ {y}.T", "{x}.T @ {y}", "np.dot({x}, {y})", "{x}.dot({y})", "np.matmul({x}, {y})",
        "np.outer({x}, {y})", "np.inner({x}, {y})", "np.dot({y}.T, {x})",
        "{x} @ {x}.T", "np.vdot({x}, {like})", "np.add.outer({x}, {y})", "np.subtract.outer({x}, {y})",
        "np.multiply.outer({x}, {y})", "np.kron({x}, {y})", "np.kron({x}, {like})",
    )),
    (4, ARRAY, (
        "np.einsum('{one}', {x})", "np.einsum('{two}', {x}, {y})", "np.einsum('{two}', {x}, {y})",
        "np.einsum('{two}', {x}, {y})", "np.tensordot({x}, {y}, {count})", "np.tensordot({x}, {y}, axes=([-1], [0]))",
        "np.tensordot({x}, {y}, axes=(({axis},), (0,)))", "np.tensordot({x}, {like}, {rank})",
        "np.cross({x}, {like})", "np.cross({x}, {y})", "np.vecdot({x}, {like})",
        "np.linalg.multi_dot([{x}, {y}, {z}])",
    )),
    (3, STACK, (
        "{x} @ {y}", "{x} @ np.swapaxes({x}, -1, -2)", "np.einsum('ij,ij->i', {x}, {like})",
        "np.einsum('...i,...i', {x}, {like})", "np.einsum('ij,kj->ik', {x}, {y})",
    )),
    # layout
    (4, ARRAY, (
        "{x}.T", "{x}.T", "{x}.reshape(-1)", "{x}.reshape({split})", "np.reshape({x}, {split})",
        "{x}.reshape(len({x}), -1)", "{x}.reshape({like}.shape)", "{x}.reshape({size}, -1)",
        "np.transpose({x}, {order})",
        "{x}.transpose({order})", "np.transpose({x})", "{x}.ravel()", "{x}.flatten()", "np.expand_dims({x}, {axis})",
        "{x}[:, None]", "{x}[None]", "{x}[..., None]", "np.squeeze({x})", "{x}.squeeze({axis})",
        "np.swapaxes({x}, 0, {axis})", "{x}.swapaxes(-1, {axis})", "np.moveaxis({x}, {axis}, 0)",
        "np.broadcast_to({x}, {wide})", "np.atleast_2d({x})", "np.array({x})", "np.full(3, {x}[0])",
        "np.moveaxis({x}, 0, -1)",
    )),
    (4, ARRAY, (
        "np.roll({x}, {k}, axis={axis})", "np.roll({x}, -1)", "np.roll({x}, {k})", "np.flip({x}, axis={axis})",
        "np.flip({x})", "np.flipud({x})", "np.tile({x}, 2)", "np.tile({x}, (2, 1))", "np.repeat({x}, 2, axis={axis})",
        "np.repeat({x}, 2)", "{x}.repeat(2, axis={axis})", "np.pad({x}, 1)",
        "np.pad({x}, (0, 2), constant_values=0.5)", "np.pad({x}, {widths})",
        "np.append({x}, {y})", "np.append({x}, {like}, axis={axis})", "np.insert({x}, {i}, 0.5)",
        "np.insert({x}, {i}, {c}, axis={axis})", "np.delete({x}, {i}, axis=0)", "np.delete({x}, 0, axis={axis})",
        "np.delete({x}, {i})",
    )),
    (2, STACK, (
        "np.rot90({x})", "np.rot90({x}, {k})", "np.fliplr({x})", "np.tril({x})", "np.triu({x}, {k})",
        "np.tril({x}, -1)", "np.diagonal({x})", "{x}.diagonal({k})", "np.trace({x})", "{x}.trace()", "np.diag({x})",
        "np.diag({x}, {k})",
        "np.diagonal({x}, offset={k}, axis1=-2, axis2=-1)", "{x}.mT", "np.matrix_transpose({x})",
        "np.diag(np.diag({x}))", "{x}[np.triu_indices(len({x}), 1)]", "{x}[np.tril_indices({columns})]",
    )),
    (1, VECTOR, (
        "np.diag({x})", "np.diag({x}, {k})", "np.diagflat({x})", "np.linspace({x}[0], {x}[-1], 4)",
        ("np.meshgrid({x}, {y})[0]", "np.ndim({y}) == 1"),
    )),
    # parts
    (6, ARRAY, (
        "{x}[{slices}]", "{x}[{slices}]", "{x}[{slices}]", "{x}[{places}]", "{x}[{places}]", "{x}[:, {columns_at}]",
        "{x}[{places}, {columns_at}]", "{x}[np.arange({rows}), {column_of_each}]", "{x}[{places}, {column}]",
        "np.take({x}, {places}, axis=0)", "np.take({x}, {i}, axis={axis})", "{x}.take({places})",
        "np.take_along_axis({x}, {columns_at}[None], axis=-1)", "np.compress({flags}, {x}, axis=0)", "{x}[{flags}]",
        "np.extract({mask}, {x})", ("{x}[{x} > 0.1]", "away({x} - 0.1)"), ("np.sum({x}[{x} > 0] ** 2)", "away({x})"),
        "{x}[{i}]", "{x}[{i}] * {x}[-1]", "np.split({x}, 2)[1]", "np.split({x}, [1], axis={axis})[{i}]",
        "np.array_split({x}, 2)[0]",
        "np.lib.stride_tricks.sliding_window_view({x}, 2, axis={axis})",
        "np.lib.stride_tricks.sliding_window_view({x}, 2, 0).mean(axis=-1)",
    )),
    # joined
    (4, ARRAY, (
        "np.concatenate([{x}, {y}])", "np.concatenate([{x}, {like}, {x}], axis={axis})",
        "np.concatenate(({y}, {x}), axis={axis})", "np.stack([{x}, {like}], axis={axis})",
        "np.stack(({x}, {x} ** 2))", "np.stack([{x}, {like}], axis=-1)",
        "np.hstack([{x}, {like}])", "np.vstack([{x}, {y}])", "np.vstack(({x}, {like}))", "np.dstack([{x}, {like}])",
        "np.column_stack([{x}, {like}])", "np.block([{x}, {y}])", "np.block([[{x}], [{like}]])",
        "np.block([[{x}, {y}], [{like}, {z}]])",
        "np.concatenate([{x}.ravel(), np.ravel({y})])", "np.array([{x}[0], {y}[0]])", "np.array([{x}, {like}])",
        "np.r_[{x}, {y}]", "np.c_[{x}, {like}]", "np.concatenate([{x}, np.ones((len({x}), 1))], axis=1)",
    )),
    # linear algebra
    (3, SOUND, (
        f"np.linalg.solve({GENERAL}, {{y}})", f"np.linalg.solve({GENERAL}, {{like}})", f"np.linalg.inv({GENERAL})",
        f"np.linalg.inv({GENERAL}) @ {{y}}", f"np.linalg.det({GENERAL})", f"np.linalg.slogdet({GENERAL})[1]",
        f"np.linalg.pinv({GENERAL})",
        f"np.linalg.matrix_power({GENERAL}, 2)", f"np.linalg.matrix_power({GENERAL}, -1)",
        f"np.linalg.lstsq({GENERAL}, {{like}})[0]", f"np.linalg.cond({GENERAL})", "np.linalg.matrix_power({x}, 3)",
    )),
    (3, SPREAD, (
        f"np.linalg.cholesky({SYMMETRIC})", f"np.linalg.eigvalsh({SYMMETRIC})", f"np.linalg.eigh({SYMMETRIC})[0]",
        f"np.linalg.eigh({SYMMETRIC})[1] ** 2", f"np.linalg.svd({SYMMETRIC})[1]",
        f"np.linalg.svd({SYMMETRIC}, compute_uv=False)", f"np.linalg.inv({SYMMETRIC})",
        f"np.linalg.solve({SYMMETRIC}, {{x}})", f"np.log(np.linalg.det({SYMMETRIC}))",
        f"np.sum(np.log(np.diagonal(np.linalg.cholesky({SYMMETRIC}), axis1=-2, axis2=-1)))",
    )),
    (1, RANKED, (
        "np.linalg.svd({x}, compute_uv=False)", "np.linalg.svd({x}, full_matrices=False)[0] ** 2",
        "np.linalg.norm({x}, 'nuc')", "np.linalg.norm({x}, 2)", "np.linalg.norm({x}, ord=-2)", "np.linalg.pinv({x})",
        "np.abs(np.linalg.qr({x})[1])", "np.linalg.svdvals({x})",
    )),
    (2, "np.ndim({x}) > 0 and away({x}) and apart(np.abs({x}))", (
        "np.linalg.norm({x})", "np.linalg.norm({x}, axis={axis})", "np.linalg.norm({x}, axis={axis}, keepdims=True)",
        "np.linalg.norm({x}, 1, axis={axis})", "np.linalg.norm({x}, ord=3, axis={axis})",
        "np.linalg.norm({x}, np.inf, axis={axis})",
        "np.linalg.norm({x}, ord=-np.inf, axis={axis})", "np.linalg.norm({x}, 'fro')", "np.linalg.norm({x}, 1)",
        "np.linalg.norm({x}, np.inf)", "{x} / np.linalg.norm({x}, axis={axis}, keepdims=True)",
        "np.linalg.vector_norm({x}, axis={axis})",
        "np.linalg.matrix_norm({x})", "np.linalg.norm({x}, axis=(-2, -1))",
        "np.linalg.norm({x}, ord=2.5, axis={axis}, keepdims=True)",
    )),
    (1, "np.ndim({x}) == 2 and {x}.shape[1] > 1 and len({x}) > 1", (
        "np.cov({x})", "np.cov({x}, rowvar=False)", "np.cov({x}.T, ddof=0)", "np.corrcoef({x})",
        "np.linalg.norm({x} - {x}.mean(axis=0), axis=1)",
    )),
    # pairs of transforms, of which a real number is read
    (2, ARRAY, (
        "np.fft.fft({x}).real", "np.real(np.fft.fft({x}, axis={axis}))", "np.imag(np.fft.rfft({x}))",
        "np.fft.ifft(np.fft.fft({x}) * np.fft.fft({y})).real",
        "np.fft.irfft(np.fft.rfft({x}) * np.fft.rfft({like}), {columns})", "np.abs(np.fft.fft({x})) ** 2",
        "np.abs(np.fft.rfft({x})) ** 2", ("np.abs(np.fft.fft({x}))", "away(np.abs(np.fft.fft({x})))"),
        "np.fft.fftshift({x})", "np.fft.fft2({x}).real", "np.fft.irfft(np.fft.rfft({x}), {columns})",
        "np.fft.ifft({x}).real", "np.real(np.fft.rfft({x}, axis={axis}))",
    )),
)  # fmt: skip

STATEMENTS: tuple[Row, ...] = (
    (2, "np.ndim({x}) > 0 and len({x}) == 2", (
        "{new}, {new2} = {x}", "{new}, {new2} = {x} ** 2", "{new}, {new2} = np.unstack({x})",
        "({new}, {new2}) = np.sin({x})", "[{new}, {new2}] = {x}[::-1]",
    )),
    (2, "np.ndim({x}) > 0 and len({x}) == 3", (
        "{new}, {new2}, {new3} = {x} ** 2", "{new}, {new2}, {new3} = {x}", "{new}, {new2}, {new3} = np.unstack({x})",
    )),
    (2, "np.ndim({x}) == 2 and {x}.shape[1] == 2", (
        "{new}, {new2} = {x}.T", "{new}, {new2} = {x}.transpose()", "{new}, {new2} = np.unstack({x}, axis=1)",
        "{new}, {new2} = np.hsplit({x}, 2)",
    )),
    (2, TALL, (
        "{new}, {new2} = np.split({x}, [1])", "{new}, {new2} = np.split({x}, [1], axis={axis})",
        "{new}, {new2} = np.array_split({x}, 2)", "{new}, {new2} = np.split({x}, 2, axis={axis})",
        "{new} = {x}\n{new2} = {new}[1:] * {new}[:-1]",
    )),
    (1, SQUARE, (
        "{mid}, {mid2} = np.triu_indices(len({x}), 1)\n{new} = {x}[{mid}, {mid2}]",
        "{mid}, {mid2} = np.tril_indices({rows})\n{new} = {x}[{mid}, {mid2}] ** 2",
        "{mid}, {mid2} = np.diag_indices(len({x}))\n{new} = {x}[{mid}, {mid2}]",
    )),
    (1, SPREAD, (
        f"{{new}}, {{mid}} = np.linalg.eigh({SYMMETRIC})\n{{new2}} = ({{mid}} * np.exp(-{{new}})[..., None, :]) @ np.swapaxes({{mid}}, -1, -2)",
        f"{{mid}}, {{new}} = np.linalg.slogdet({SYMMETRIC})",
        f"{{mid}} = np.linalg.cholesky({SYMMETRIC})\n{{new}} = np.linalg.solve({{mid}}, {{x}})",
    )),
    (1, RANKED, (
        "{mid}, {new}, {mid2} = np.linalg.svd({x}, full_matrices=False)\n{new2} = ({mid} * np.sqrt({new})) @ {mid2}",
        "{mid}, {mid2} = np.linalg.qr({x})\n{new} = np.abs({mid2})",
    )),
    (1, VECTOR, (
        ("{new}, {new2} = np.meshgrid({x}, {y})", "np.ndim({y}) == 1"),
        ("{new}, {new2} = np.meshgrid({x}, {y}, indexing='ij')", "np.ndim({y}) == 1"),
        "{mid} = np.argsort({x})\n{new} = {x}[{mid}] * {like}[{mid}]",
    )),
    (1, STACK, (
        "{new}, {new2} = np.gradient({x})", "{new}, {new2} = np.broadcast_arrays({x}, {y})",
        "{mid} = {x}.mean(axis=0)\n{mid2} = {x}.std(axis=0) + 0.1\n{new} = ({x} - {mid}) / {mid2}",
    )),
)  # fmt: skip
