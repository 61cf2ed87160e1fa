// Expressions: plain values that say what to compute; nothing runs until a frame is asked.

import type { KeyOptions } from "./options.api.js";
import type { DataType, Expression, Name, Operand, Operands, SortKey } from "./types.api.js";

/**
 * What to compute from the columns of a table, row by row or, for aggregates, group by group.
 * @role expression
 */
export interface Expr {
  /**
   * The sum. int64 is exact; int64 with float64 gives float64.
   *
   * @param other - An expression or a value.
   * @nulls A null operand gives null.
   * @errors overflow, type_mismatch
   * @example df.select({ x: px.col("price").add(1) });
   * @call add
   * @operator +
   * @except cobol the text door: a + b
   */
  add(other: Operand): Expr;

  /**
   * The difference. int64 is exact; int64 with float64 gives float64.
   *
   * @param other - An expression or a value.
   * @nulls A null operand gives null.
   * @errors overflow, type_mismatch
   * @example df.select({ x: px.col("price").sub(1) });
   * @call sub
   * @operator -
   * @except cobol the text door: a - b
   */
  sub(other: Operand): Expr;

  /**
   * The product. int64 is exact; int64 with float64 gives float64.
   *
   * @param other - An expression or a value.
   * @nulls A null operand gives null.
   * @errors overflow, type_mismatch
   * @example df.select({ x: px.col("price").mul(px.col("quantity")) });
   * @call mul
   * @operator *
   * @except cobol the text door: a * b
   */
  mul(other: Operand): Expr;

  /**
   * The quotient, always float64. int64 by int64 zero is an error; floats follow IEEE 754.
   *
   * @param other - An expression or a value.
   * @nulls A null operand gives null.
   * @errors division_by_zero, type_mismatch
   * @example df.select({ x: px.col("price").div(px.col("quantity")) });
   * @call div
   * @operator /
   * @except cobol the text door: a / b
   */
  div(other: Operand): Expr;

  /**
   * The quotient rounded down. int64 by zero is an error.
   *
   * @param other - An expression or a value.
   * @nulls A null operand gives null.
   * @errors division_by_zero, overflow, type_mismatch
   * @example df.select({ x: px.col("quantity").floordiv(10) });
   * @call floordiv
   * @operator //
   * @except cobol the text door: a // b
   */
  floordiv(other: Operand): Expr;

  /**
   * The remainder of `floordiv`, with the sign of the divisor. int64 by zero is an error.
   *
   * @param other - An expression or a value.
   * @nulls A null operand gives null.
   * @errors division_by_zero, type_mismatch
   * @example df.select({ x: px.col("quantity").mod(10) });
   * @call mod
   * @operator %
   * @except cobol the text door: a % b
   */
  mod(other: Operand): Expr;

  /**
   * The value with the other sign.
   *
   * @nulls A null operand gives null.
   * @errors overflow, type_mismatch
   * @example df.select({ x: px.col("price").neg() });
   * @call neg
   * @operator neg
   * @except cobol the text door: -a
   */
  neg(): Expr;

  /**
   * Whether the two are equal. NaN equals NaN; int64 against float64 compares exactly.
   *
   * @param other - An expression or a value.
   * @nulls A null operand gives null.
   * @errors type_mismatch
   * @example df.select({ x: px.col("region").eq("north") });
   * @call eq
   * @operator ==
   * @except cobol the text door: a = b
   */
  eq(other: Operand): Expr;

  /**
   * Whether the two differ. NaN equals NaN.
   *
   * @param other - An expression or a value.
   * @nulls A null operand gives null.
   * @errors type_mismatch
   * @example df.select({ x: px.col("region").ne("north") });
   * @call ne
   * @operator !=
   * @except cobol the text door: a <> b
   */
  ne(other: Operand): Expr;

  /**
   * Whether this is less. NaN is after all numbers; text compares by bytes.
   *
   * @param other - An expression or a value.
   * @nulls A null operand gives null.
   * @errors type_mismatch
   * @example df.select({ x: px.col("price").lt(10) });
   * @call lt
   * @operator <
   * @except cobol the text door: a < b
   */
  lt(other: Operand): Expr;

  /**
   * Whether this is less or equal. NaN is after all numbers; text compares by bytes.
   *
   * @param other - An expression or a value.
   * @nulls A null operand gives null.
   * @errors type_mismatch
   * @example df.select({ x: px.col("price").le(10) });
   * @call le
   * @operator <=
   * @except cobol the text door: a <= b
   */
  le(other: Operand): Expr;

  /**
   * Whether this is greater. NaN is after all numbers; text compares by bytes.
   *
   * @param other - An expression or a value.
   * @nulls A null operand gives null.
   * @errors type_mismatch
   * @example df.select({ x: px.col("price").gt(10) });
   * @call gt
   * @operator >
   * @except cobol the text door: a > b
   */
  gt(other: Operand): Expr;

  /**
   * Whether this is greater or equal. NaN is after all numbers; text compares by bytes.
   *
   * @param other - An expression or a value.
   * @nulls A null operand gives null.
   * @errors type_mismatch
   * @example df.select({ x: px.col("price").ge(10) });
   * @call ge
   * @operator >=
   * @except cobol the text door: a >= b
   */
  ge(other: Operand): Expr;

  /**
   * Whether both are true. False wins over null.
   *
   * @param other - A bool expression, or text.
   * @nulls Null unless the other operand is false.
   * @errors type_mismatch
   * @example df.filter(px.col("price").gt(10).and(px.col("region").eq("north")));
   * @call and
   * @operator &
   * @name python and_
   * @except cobol the text door: a and b
   */
  and(other: Expression): Expr;

  /**
   * Whether one of the two is true. True wins over null.
   *
   * @param other - A bool expression, or text.
   * @nulls Null unless the other operand is true.
   * @errors type_mismatch
   * @example df.filter(px.col("price").gt(10).or("region is null"));
   * @call or
   * @operator |
   * @name python or_
   * @except cobol the text door: a or b
   */
  or(other: Expression): Expr;

  /**
   * Whether this is false.
   *
   * @nulls Null gives null.
   * @errors type_mismatch
   * @example df.filter(px.col("region").eq("north").not());
   * @call not
   * @operator ~
   * @name python not_
   * @except cobol the text door: not a
   */
  not(): Expr;

  /**
   * Whether there is no value.
   *
   * @nulls Never null itself.
   * @errors none
   * @example df.filter(px.col("price").isNull());
   * @call is_null
   * @name python isnull
   * @except cobol the text door: a is null
   */
  isNull(): Expr;

  /**
   * Whether there is a value.
   *
   * @nulls Never null itself.
   * @errors none
   * @example df.filter(px.col("price").isNotNull());
   * @call is_not_null
   * @name python notnull
   * @except cobol the text door: a is not null
   */
  isNotNull(): Expr;

  /**
   * The value, or another where there is none.
   *
   * @param value - What stands for null.
   * @nulls Null where the other is null too.
   * @errors type_mismatch
   * @example df.select({ x: px.col("price").fillNull(0) });
   * @call coalesce
   * @name python fillna
   * @except cobol the text door: coalesce(a, b)
   */
  fillNull(value: Operand): Expr;

  /**
   * Whether the value equals one of some others.
   *
   * @param values - The others, at least one.
   * @nulls Null for a null value; with a null among the others, null where none is equal.
   * @errors type_mismatch
   * @example df.filter(px.col("region").isIn(["north", "south"]));
   * @call is_in
   * @name python isin
   * @except cobol the text door: a in (b, c)
   */
  isIn(values: Operands): Expr;

  /**
   * Whether the value lies from `low` to `high`, both included.
   *
   * @param low - The lower bound.
   * @param high - The upper bound.
   * @nulls As `low <= a and a <= high` does.
   * @errors type_mismatch
   * @example df.filter(px.col("price").between(10, 20));
   * @call between
   * @except cobol the text door: a between b and c
   */
  between(low: Operand, high: Operand): Expr;

  /**
   * The value in another type; one that does not fit is an error.
   *
   * @param dtype - The type.
   * @nulls Null gives null.
   * @errors bad_cast
   * @example df.select({ x: px.col("quantity").cast("float64") });
   * @expression cast
   * @wire dtype to
   * @except cobol the text door: cast(a as float64)
   */
  cast(dtype: DataType): Expr;

  /**
   * The value in another type; one that does not fit becomes null.
   *
   * @param dtype - The type.
   * @nulls Null gives null.
   * @errors none
   * @example df.select({ x: px.col("region").tryCast("int64") });
   * @expression try_cast
   * @wire dtype to
   * @except cobol the text door: try_cast(a as int64)
   */
  tryCast(dtype: DataType): Expr;

  /**
   * The sum of the values.
   *
   * Exact for int64; float sums do not depend on the number of threads.
   *
   * @nulls Skipped; null where no value is left.
   * @errors overflow, type_mismatch
   * @example df.groupBy("region").agg({ x: px.col("price").sum() });
   * @agg sum
   * @except cobol the text door: sum(a)
   */
  sum(): Expr;

  /**
   * The mean of the values, float64.
   *
   * @nulls Skipped; null where no value is left.
   * @errors type_mismatch
   * @example df.groupBy("region").agg({ x: px.col("price").mean() });
   * @agg mean
   * @except cobol the text door: mean(a)
   */
  mean(): Expr;

  /**
   * The smallest value; NaN is after all numbers.
   *
   * @nulls Skipped; null where no value is left.
   * @errors none
   * @example df.groupBy("region").agg({ x: px.col("price").min() });
   * @agg min
   * @except cobol the text door: min(a)
   */
  min(): Expr;

  /**
   * The largest value; NaN is after all numbers.
   *
   * @nulls Skipped; null where no value is left.
   * @errors none
   * @example df.groupBy("region").agg({ x: px.col("price").max() });
   * @agg max
   * @except cobol the text door: max(a)
   */
  max(): Expr;

  /**
   * The number of values.
   *
   * @nulls Not counted.
   * @errors none
   * @example df.groupBy("region").agg({ x: px.col("price").count() });
   * @agg count
   * @except cobol the text door: count(a)
   */
  count(): Expr;

  /**
   * The number of distinct values.
   *
   * @nulls Not counted.
   * @errors none
   * @example df.groupBy("region").agg({ x: px.col("price").nUnique() });
   * @agg n_unique
   * @name python nunique
   * @except cobol the text door: n_unique(a)
   */
  nUnique(): Expr;

  /**
   * The value of the first row.
   *
   * @nulls A null in the first row is the result.
   * @errors none
   * @example df.groupBy("region").agg({ x: px.col("price").first() });
   * @agg first
   * @except cobol the text door: first(a)
   */
  first(): Expr;

  /**
   * The value of the last row.
   *
   * @nulls A null in the last row is the result.
   * @errors none
   * @example df.groupBy("region").agg({ x: px.col("price").last() });
   * @agg last
   * @except cobol the text door: last(a)
   */
  last(): Expr;

  /**
   * The sample standard deviation (n - 1), float64.
   *
   * @nulls Skipped; null for fewer than two values.
   * @errors type_mismatch
   * @example df.groupBy("region").agg({ x: px.col("price").std() });
   * @agg std
   * @except cobol the text door: std(a)
   */
  std(): Expr;

  /**
   * The sample variance (n - 1), float64.
   *
   * @nulls Skipped; null for fewer than two values.
   * @errors type_mismatch
   * @example df.groupBy("region").agg({ x: px.col("price").var() });
   * @agg var
   * @except cobol the text door: var(a)
   */
  var(): Expr;

  /**
   * The middle value, or the mean of the two middle ones, float64.
   *
   * @nulls Skipped; null where no value is left.
   * @errors type_mismatch
   * @example df.groupBy("region").agg({ x: px.col("price").median() });
   * @agg median
   * @except cobol the text door: median(a)
   */
  median(): Expr;

  /**
   * The expression under a name of its own.
   *
   * @param name - The name of its column in a result.
   * @nulls Kept.
   * @errors none
   * @example df.select(px.col("price").mul(2).alias("double"));
   * @expression alias
   * @except cobol the text door: a as b
   */
  alias(name: Name): Expr;

  /**
   * A sort key: the smallest first.
   *
   * @param options - Where nulls go.
   * @nulls Last, unless asked for first.
   * @errors none
   * @example df.sort([px.col("region").asc({ nulls: "first" })]);
   * @sortKey asc
   * @except cobol the text door: a asc
   */
  asc(options?: KeyOptions): SortKey;

  /**
   * A sort key: the largest first.
   *
   * @param options - Where nulls go.
   * @nulls Last, unless asked for first.
   * @errors none
   * @example df.sort([px.col("price").desc(), "region"]);
   * @sortKey desc
   * @except cobol the text door: a desc
   */
  desc(options?: KeyOptions): SortKey;
}
