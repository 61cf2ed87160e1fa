// Functions that make expressions, and the chain that `when` begins.

import type { Expr } from "./expr.api.js";
import type {
  ColumnName,
  DataType,
  Expression,
  Name,
  Operand,
  Selector,
  Text,
  Value,
} from "./types.api.js";

/** Functions that make expressions. @role functions */
export interface Functions {
  /**
   * A column of the table at hand.
   *
   * @param name - Its name.
   * @nulls Kept.
   * @errors unknown_column: when the plan is run
   * @example df.select(px.col("price"));
   * @expression col
   * @except cobol the text door: a bare name
   */
  col(name: ColumnName): Expr;

  /**
   * A value that stands for itself.
   *
   * @param value - The value.
   * @param dtype - Its type, where it should not follow from the value.
   * @default dtype null
   * @nulls The language's own null; its type follows from what stands around it.
   * @errors bad_value
   * @example df.withColumns({ source: px.lit("web"), day: px.lit("2026-11-22", "date") });
   * @expression lit
   * @except cobol the text door: 12.5, 'web', date '2026-11-22'
   */
  lit(value: Value, dtype?: DataType | null): Expr;

  /**
   * A value handed in when the plan runs.
   *
   * @param name - The parameter's name, without the colon.
   * @nulls A parameter may be null.
   * @errors parameter
   * @example df.filter(px.col("price").gt(px.param("low")), { low: 10 });
   * @expression param
   * @except cobol the text door: :low
   */
  param(name: Name): Expr;

  /**
   * An expression, or several columns or sort keys, written as text.
   *
   * @param text - Text such as `price * quantity as total`, or `total desc, region`.
   * @nulls Three-valued logic, as everywhere.
   * @errors syntax, unknown_column, unknown_function
   * @example df.select(px.expr("region, price * quantity as total"));
   * @expression text
   * @name go Text
   * @except cobol every question is text
   */
  expr(text: Text): Expr;

  /**
   * The value of the first branch whose condition is true.
   *
   * More branches follow with `when`, the rest with `otherwise`; without it the rest is null.
   *
   * @param condition - A bool expression.
   * @param value - What the result is where it is true.
   * @nulls A null condition is not true.
   * @errors type_mismatch
   * @example df.select({ size: px.when("price > 10", "big").otherwise("small") });
   * @expression case
   * @wire condition when
   * @wire value then
   * @except cobol the text door: case when ... then ... else ... end
   */
  when(condition: Expression, value: Operand): CaseExpr;

  /**
   * The first operand that is not null.
   *
   * @param operands - Columns or expressions of one type, at least one; a value is written `lit`.
   * @nulls Null where every operand is.
   * @errors type_mismatch
   * @example df.select({ price: px.coalesce("price", px.lit(0)) });
   * @call coalesce
   * @primary
   * @except cobol the text door: coalesce(a, b)
   */
  coalesce(...operands: Selector[]): Expr;

  /**
   * The sum of the values.
   *
   * Exact for int64; float sums do not depend on the number of threads.
   *
   * @param input - A column or an expression.
   * @nulls Skipped; null where no value is left.
   * @errors overflow, type_mismatch
   * @example df.groupBy("region").agg({ x: px.sum("price") });
   * @agg sum
   * @except cobol the text door: sum(a)
   */
  sum(input: Selector): Expr;

  /**
   * The mean of the values, float64.
   *
   * @param input - A column or an expression.
   * @nulls Skipped; null where no value is left.
   * @errors type_mismatch
   * @example df.groupBy("region").agg({ x: px.mean("price") });
   * @agg mean
   * @except cobol the text door: mean(a)
   */
  mean(input: Selector): Expr;

  /**
   * The smallest value; NaN is after all numbers.
   *
   * @param input - A column or an expression.
   * @nulls Skipped; null where no value is left.
   * @errors none
   * @example df.groupBy("region").agg({ x: px.min("price") });
   * @agg min
   * @except cobol the text door: min(a)
   */
  min(input: Selector): Expr;

  /**
   * The largest value; NaN is after all numbers.
   *
   * @param input - A column or an expression.
   * @nulls Skipped; null where no value is left.
   * @errors none
   * @example df.groupBy("region").agg({ x: px.max("price") });
   * @agg max
   * @except cobol the text door: max(a)
   */
  max(input: Selector): Expr;

  /**
   * The number of values.
   *
   * Without an operand it counts rows, nulls included.
   *
   * @param input - A column or an expression; null counts rows.
   * @default input null
   * @nulls Not counted.
   * @errors none
   * @example df.groupBy("region").agg({ x: px.count() });
   * @agg count
   * @except cobol the text door: count(*)
   */
  count(input?: Selector | null): Expr;

  /**
   * The number of distinct values.
   *
   * @param input - A column or an expression.
   * @nulls Not counted.
   * @errors none
   * @example df.groupBy("region").agg({ x: px.nUnique("price") });
   * @agg n_unique
   * @name python nunique
   * @except cobol the text door: n_unique(a)
   */
  nUnique(input: Selector): Expr;

  /**
   * The value of the first row.
   *
   * @param input - A column or an expression.
   * @nulls A null in the first row is the result.
   * @errors none
   * @example df.groupBy("region").agg({ x: px.first("price") });
   * @agg first
   * @except cobol the text door: first(a)
   */
  first(input: Selector): Expr;

  /**
   * The value of the last row.
   *
   * @param input - A column or an expression.
   * @nulls A null in the last row is the result.
   * @errors none
   * @example df.groupBy("region").agg({ x: px.last("price") });
   * @agg last
   * @except cobol the text door: last(a)
   */
  last(input: Selector): Expr;

  /**
   * The sample standard deviation (n - 1), float64.
   *
   * @param input - A column or an expression.
   * @nulls Skipped; null for fewer than two values.
   * @errors type_mismatch
   * @example df.groupBy("region").agg({ x: px.std("price") });
   * @agg std
   * @except cobol the text door: std(a)
   */
  std(input: Selector): Expr;

  /**
   * The sample variance (n - 1), float64.
   *
   * @param input - A column or an expression.
   * @nulls Skipped; null for fewer than two values.
   * @errors type_mismatch
   * @example df.groupBy("region").agg({ x: px.variance("price") });
   * @agg var
   * @name python var
   * @except cobol the text door: var(a)
   */
  variance(input: Selector): Expr;

  /**
   * The middle value, or the mean of the two middle ones, float64.
   *
   * @param input - A column or an expression.
   * @nulls Skipped; null where no value is left.
   * @errors type_mismatch
   * @example df.groupBy("region").agg({ x: px.median("price") });
   * @agg median
   * @except cobol the text door: median(a)
   */
  median(input: Selector): Expr;
}

/**
 * A `when` chain; as it stands, it is an expression that is null where no condition is true.
 * @role case
 */
export interface CaseExpr extends Expr {
  /**
   * One more branch, looked at where none before it was true.
   *
   * @param condition - A bool expression.
   * @param value - What the result is where it is true.
   * @nulls A null condition is not true.
   * @errors type_mismatch
   * @example px.when("price > 10", "big").when("price > 5", "middle").otherwise("small");
   * @expression branch
   * @wire condition when
   * @wire value then
   * @except cobol the text door: case when ... then ... else ... end
   */
  when(condition: Expression, value: Operand): CaseExpr;

  /**
   * The value where no condition is true.
   *
   * @param value - The value.
   * @nulls May be null.
   * @errors type_mismatch
   * @example px.when("price > 10", "big").otherwise("small");
   * @expression otherwise
   * @wire value otherwise
   * @except cobol the text door: case when ... then ... else ... end
   */
  otherwise(value: Operand): Expr;
}
