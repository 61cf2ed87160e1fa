// Expressions: immutable values over the form that the plan has. Nothing native stands behind them.

import { ExprSteps, type Expression, type Operand } from "./operations.gen.js";
import { expression, NAME, operand, text, WIRE, type WireExpression } from "./wire.js";

/** What to compute from the columns of a table, row by row or, for aggregates, group by group. */
export class Expr extends ExprSteps {
  /** @internal */
  readonly [WIRE]: WireExpression;
  /** @internal */
  readonly [NAME]: string | null;

  /** Made by `col`, `lit` and the methods of other expressions. @internal */
  constructor(wire: WireExpression, name: string | null = null) {
    super();
    this[WIRE] = wire;
    this[NAME] = name;
  }

  /**
   * The expression under a name of its own.
   *
   * @param name - The name of its column in a result.
   * @example df.select(px.col("price").mul(2).alias("double"));
   */
  alias(name: string): Expr {
    return new Expr(this[WIRE], text(name, "name"));
  }

  protected override make(wire: WireExpression): Expr {
    return new Expr(wire);
  }

  protected override self(): Expr {
    return this;
  }
}

interface Branches {
  readonly branches: readonly unknown[];
  readonly otherwise: WireExpression | null;
}

/** A `when` chain; as it stands, it is an expression that is null where no condition is true. */
export class CaseExpr extends Expr {
  /**
   * One more branch, looked at where none before it was true.
   *
   * @param condition - A bool expression.
   * @param value - What the result is where it is true.
   * @example px.when("price > 10", "big").when("price > 5", "middle").otherwise("small");
   */
  when(condition: Expression, value: Operand): CaseExpr {
    const { branches, otherwise } = this[WIRE]["case"] as Branches;
    const branch = { when: expression(condition), then: operand(value) };
    return new CaseExpr({ case: { branches: [...branches, branch], otherwise } });
  }

  /**
   * The value where no condition is true.
   *
   * @param value - The value.
   * @example px.when("price > 10", "big").otherwise("small");
   */
  otherwise(value: Operand): Expr {
    const { branches } = this[WIRE]["case"] as Branches;
    return new Expr({ case: { branches, otherwise: operand(value) } });
  }
}
