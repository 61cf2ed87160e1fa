package pardox

import (
	"fmt"
	"maps"
	"slices"
)

// Expr is an expression over the columns of a table; Col("price").Mul(2) makes one. It is a plain
// value: what is wrong with it is said by the Collect of the step that it stands in.
type Expr struct {
	wire wire
	name string
	err  error
}

// CaseExpr is a case: the first branch whose condition is true; null where none is.
type CaseExpr struct {
	Expr
	branches []any
}

// expressible is an expression, or a case, which is one too.
type expressible interface{ expr() *Expr }

func (s *Expr) expr() *Expr { return s }

// Alias names the column where this expression stands as an item.
func (s *Expr) Alias(name string) *Expr { return &Expr{s.wire, name, s.err} }

func newCase(condition Expression, value Operand) *CaseExpr {
	return (&CaseExpr{}).When(condition, value)
}

// When adds a branch.
func (s *CaseExpr) When(condition Expression, value Operand) *CaseExpr {
	when, then := question(condition), operandExpr(value)
	branches := append(slices.Clone(s.branches), wire{"when": when.wire, "then": then.wire})
	form := wire{"case": wire{"branches": branches, "otherwise": nil}}
	return &CaseExpr{Expr{form, "", firstError(s.err, when.err, then.err)}, branches}
}

// Otherwise says what holds where no condition is true.
func (s *CaseExpr) Otherwise(value Operand) *Expr {
	rest := operandExpr(value)
	form := wire{"case": wire{"branches": s.branches, "otherwise": rest.wire}}
	return &Expr{form, "", firstError(s.err, rest.err)}
}

func call(function string, operands []Operand) *Expr {
	args := make([]any, len(operands))
	var failure error
	for i, operand := range operands {
		one := operandExpr(operand)
		args[i] = one.wire
		failure = firstError(failure, one.err)
	}
	if len(args) == 0 {
		failure = refused(ErrInvalidArgument, function+" needs at least one operand")
	}
	return &Expr{wire{"call": wire{"function": function, "args": args}}, "", failure}
}

func aggregate(function string, input Selector) *Expr {
	if input == nil {
		return &Expr{wire{"agg": wire{"function": function, "input": nil}}, "", nil}
	}
	one := selected(input)
	return &Expr{wire{"agg": wire{"function": function, "input": one.wire}}, "", one.err}
}

func cast(form string, input *Expr, dtype DataType) *Expr {
	return &Expr{wire{form: wire{"input": input.wire, "to": string(dtype)}}, "", input.err}
}

func formed(form, text string) *Expr {
	to := newTarget()
	to.put(form, text)
	return &Expr{to.fields, "", to.err}
}

func literalExpr(value Value, dtype []DataType) *Expr {
	literal, err := literalOf(value, first(dtype))
	if err != nil {
		return &Expr{wire{}, "", err}
	}
	one := &Expr{wire{"lit": literal}, "", nil}
	if to := first(dtype); to.isDecimal() || to == DataTypeDictionary {
		return cast("cast", one, to)
	}
	return one
}

func sortKey(expr *Expr, descending bool, options []KeyOption) SortKey {
	key := newTarget()
	key.put("expr", expr.wire)
	key.put("descending", descending)
	apply(key, options)
	return SortKey{wire{"key": key.fields}, firstError(expr.err, key.err)}
}

// question is an expression, or text of the second door.
func question(value Expression) *Expr {
	switch one := value.(type) {
	case expressible:
		return one.expr()
	case string:
		return Text(one)
	}
	return &Expr{wire{}, "", refused(ErrInvalidArgument,
		fmt.Sprintf("expected an expression or text, found %T", value))}
}

// operandExpr is an expression; a bare value stands for itself.
func operandExpr(value Operand) *Expr {
	if one, ok := value.(expressible); ok {
		return one.expr()
	}
	return literalExpr(value, nil)
}

// selected is an expression; bare text is a column's name.
func selected(value Selector) *Expr {
	switch one := value.(type) {
	case expressible:
		return one.expr()
	case string:
		return Col(one)
	}
	return &Expr{wire{}, "", refused(ErrInvalidArgument,
		fmt.Sprintf("expected a column's name or an expression, found %T", value))}
}

func operandList(values []Operand) []Operand { return values }

func selectorList(values []Selector) []Operand {
	list := make([]Operand, len(values))
	for i, value := range values {
		list[i] = selected(value)
	}
	return list
}

func first[T any](values []T) T {
	var none T
	if len(values) == 0 {
		return none
	}
	return values[0]
}

func firstError(errors ...error) error {
	for _, err := range errors {
		if err != nil {
			return err
		}
	}
	return nil
}

func sortedKeys[V any](of map[string]V) []string { return slices.Sorted(maps.Keys(of)) }
