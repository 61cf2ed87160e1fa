package main

import (
	"encoding/json"
	"fmt"
	"sort"
	"strconv"
	"strings"
	"time"

	pardox "github.com/pardox/pardox/bindings/go"
)

// wire is a decoded value of a plan document, with what the generated dispatch asks of it.
type wire struct{ value any }

func (w wire) object() map[string]any {
	object, ok := w.value.(map[string]any)
	if !ok {
		panic(cannot(fmt.Sprintf("expected an object, found %T", w.value)))
	}
	return object
}

func (w wire) get(name string) wire    { return wire{w.object()[name]} }
func (w wire) isNull(name string) bool { return w.object()[name] == nil }
func (w wire) bool(name string) bool   { return w.object()[name].(bool) }

// has says whether a field is there; an object that is not there has none.
func (w wire) has(name string) bool {
	object, _ := w.value.(map[string]any)
	_, has := object[name]
	return has
}

func (w wire) text(name string) string {
	if text, ok := w.object()[name].(string); ok {
		return text
	}
	panic(cannot("expected text for " + name))
}

func (w wire) list(name string) []wire {
	values, _ := w.object()[name].([]any)
	list := make([]wire, len(values))
	for i, value := range values {
		list[i] = wire{value}
	}
	return list
}

func (w wire) whole(name string) int {
	number, ok := w.object()[name].(json.Number)
	if !ok {
		return 0
	}
	whole, err := strconv.Atoi(number.String())
	if err != nil {
		panic(cannot("expected a whole number for " + name))
	}
	return whole
}

func (w wire) wholeOrAll(name string) int {
	if w.isNull(name) {
		return pardox.All
	}
	return w.whole(name)
}

// is says whether a field has a value, written as JSON.
func (w wire) is(name, value string) bool {
	data, err := json.Marshal(w.object()[name])
	return err == nil && string(data) == value
}

// tag is the one tag of an externally tagged value, and what stands under it.
func (w wire) tag() (string, wire) {
	for tag, fields := range w.object() {
		return tag, wire{fields}
	}
	panic(cannot("expected one tag, found none"))
}

// cannot is a question that the API has no words for.
type cannot string

// operandOf is a value where Go has one for it; else a typed literal of the text.
func operandOf(literal wire) pardox.Operand {
	if literal.value == "null" {
		return nil
	}
	tag, value := literal.tag()
	if tag == "nested" {
		dtype := pardox.DataType(value.text("dtype"))
		return pardox.Lit(nestedOf(value.text("value"), dtype), dtype)
	}
	if tag == "typed" {
		dtype := pardox.DataType(value.text("dtype"))
		typed, _ := typed(dtype, value.text("value"))
		return pardox.Lit(typed, dtype)
	}
	text, isText := value.value.(string)
	if !isText {
		return value.value
	}
	if typed, ok := typed(pardox.DataType(tag), text); ok {
		return typed
	}
	return pardox.Lit(text, pardox.DataType(tag))
}

// nestedOf is a list or a struct as a user types it, of the JSON that a plan holds.
func nestedOf(text string, dtype pardox.DataType) any {
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	var held any
	if err := decoder.Decode(&held); err != nil {
		panic(cannot("the text of a nested value is no JSON"))
	}
	return nestedHeld(held, dtype)
}

func nestedHeld(held any, dtype pardox.DataType) any {
	switch one := held.(type) {
	case nil:
		return nil
	case []any:
		values := make([]any, len(one))
		for i, item := range one {
			values[i] = nestedHeld(item, dtype.Item())
		}
		return values
	case map[string]any:
		values := map[string]any{}
		for _, field := range dtype.Fields() {
			values[field.Name] = nestedHeld(one[field.Name], field.DType)
		}
		return values
	}
	value, ok := typed(dtype, fmt.Sprint(held))
	if !ok {
		return fmt.Sprint(held)
	}
	return value
}

func typed(dtype pardox.DataType, text string) (any, bool) {
	if dtype.Item() != "" || dtype.Fields() != nil {
		return nestedOf(text, dtype), true
	}
	if strings.HasPrefix(string(dtype), "decimal") {
		number, err := pardox.ParseDecimal(text)
		return number, err == nil
	}
	if strings.HasPrefix(string(dtype), "timestamp(") {
		if moment, err := time.Parse(time.RFC3339Nano, text); err == nil {
			return moment, true
		}
		return text, true
	}
	switch dtype {
	case pardox.DataTypeBool:
		return text == "true", text == "true" || text == "false"
	case pardox.DataTypeInt64:
		number, err := strconv.ParseInt(text, 10, 64)
		return number, err == nil
	case pardox.DataTypeFloat64:
		number, err := strconv.ParseFloat(text, 64)
		return number, err == nil
	case pardox.DataTypeInt8:
		number, err := strconv.ParseInt(text, 10, 8)
		return int8(number), err == nil
	case pardox.DataTypeInt16:
		number, err := strconv.ParseInt(text, 10, 16)
		return int16(number), err == nil
	case pardox.DataTypeInt32:
		number, err := strconv.ParseInt(text, 10, 32)
		return int32(number), err == nil
	case pardox.DataTypeUint8:
		number, err := strconv.ParseUint(text, 10, 8)
		return uint8(number), err == nil
	case pardox.DataTypeUint16:
		number, err := strconv.ParseUint(text, 10, 16)
		return uint16(number), err == nil
	case pardox.DataTypeUint32:
		number, err := strconv.ParseUint(text, 10, 32)
		return uint32(number), err == nil
	case pardox.DataTypeUint64:
		number, err := strconv.ParseUint(text, 10, 64)
		return number, err == nil
	case pardox.DataTypeFloat32:
		number, err := strconv.ParseFloat(text, 32)
		return float32(number), err == nil
	case pardox.DataTypeDate:
		moment, err := time.Parse("2006-01-02", text)
		return pardox.Date{Year: moment.Year(), Month: moment.Month(), Day: moment.Day()}, err == nil
	case pardox.DataTypeTimestamp:
		moment, err := time.Parse("2006-01-02T15:04:05.999999", text)
		return moment, err == nil
	}
	return text, true
}

// columnsOf is a table written out, as a user types it.
func columnsOf(columns []wire) ([]pardox.ColumnValues, map[string]pardox.DataType) {
	types := map[string]pardox.DataType{}
	list := make([]pardox.ColumnValues, len(columns))
	for i, column := range columns {
		name, dtype := column.text("name"), pardox.DataType(column.text("dtype"))
		types[name] = dtype
		var values []any
		for _, cell := range column.list("values") {
			text, isText := cell.value.(string)
			if !isText {
				values = append(values, nil)
				continue
			}
			value, ok := typed(dtype, text)
			if !ok {
				value = text
			}
			values = append(values, value)
		}
		list[i] = pardox.Values(name, values...)
	}
	return list, types
}

// frame answers a step, by the member that a user would call.
func frame(w wire) pardox.Frame {
	tag, fields := w.tag()
	switch tag {
	case "frame":
		return frameAt(fields.whole("index"))
	case "values":
		columns, types := columnsOf(fields.list("columns"))
		made, err := pardox.FromColumns(columns, pardox.WithSchema(types))
		if err != nil {
			panic(err)
		}
		kept = append(kept, made)
		return made
	case "union":
		if len(fields.list("inputs")) == 0 {
			return pardox.Concat()
		}
	}
	step, known := steps[tag]
	if !known {
		panic(cannot("no member answers the step " + tag))
	}
	return step(fields)
}

func steppable(w wire) pardox.FrameSteps {
	return lazily(w).FrameSteps
}

func lazily(w wire) *pardox.LazyFrame {
	switch one := frame(w).(type) {
	case *pardox.DataFrame:
		return one.Lazy()
	case *pardox.LazyFrame:
		return one
	}
	panic(cannot("expected a frame"))
}

func frames(list []wire) []pardox.Frame {
	made := make([]pardox.Frame, len(list))
	for i, one := range list {
		made[i] = frame(one)
	}
	return made
}

func tables(w wire) map[string]pardox.Frame {
	made := map[string]pardox.Frame{}
	if w.value == nil {
		return made
	}
	for name, node := range w.object() {
		made[name] = frame(wire{node})
	}
	return made
}

func texts(list []wire) []string {
	made := make([]string, len(list))
	for i, one := range list {
		made[i] = one.value.(string)
	}
	return made
}

func columnTypes(w wire) map[string]pardox.DataType {
	types := map[string]pardox.DataType{}
	for name, dtype := range w.object() {
		types[name] = pardox.DataType(dtype.(string))
	}
	return types
}

func renamings(list []wire) map[string]string {
	made := map[string]string{}
	for _, one := range list {
		made[one.text("from")] = one.text("to")
	}
	return made
}

func joinKeys(list []wire) pardox.JoinKeys {
	keys := pardox.On()
	for _, one := range list {
		keys = keys.And(one.text("left"), one.text("right"))
	}
	return keys
}

// expression answers an expression.
func expression(w wire) *pardox.Expr {
	tag, fields := w.tag()
	switch tag {
	case "col":
		return pardox.Col(fields.value.(string))
	case "lit":
		if made, ok := operandOf(fields).(*pardox.Expr); ok {
			return made
		}
		return pardox.Lit(operandOf(fields))
	case "param":
		return pardox.Param(fields.value.(string))
	case "text":
		return pardox.Text(fields.value.(string))
	case "cast":
		return expression(fields.get("input")).Cast(pardox.DataType(fields.text("to")))
	case "try_cast":
		return expression(fields.get("input")).TryCast(pardox.DataType(fields.text("to")))
	case "case":
		return caseOf(fields)
	case "call":
		return called(calls, fields, fields.list("args"))
	case "agg":
		if fields.isNull("input") {
			return called(aggregates, fields, nil)
		}
		return called(aggregates, fields, []wire{fields.get("input")})
	}
	panic(cannot("no member answers the expression " + tag))
}

func called(by map[string]func([]wire) *pardox.Expr, fields wire, args []wire) *pardox.Expr {
	name := fields.text("function")
	function, known := by[name]
	if !known {
		panic(cannot("no member answers the function " + name))
	}
	return function(args)
}

func caseOf(w wire) *pardox.Expr {
	var chain *pardox.CaseExpr
	for _, branch := range w.list("branches") {
		when, then := question(branch.get("when")), operand(branch.get("then"))
		if chain == nil {
			chain = pardox.When(when, then)
		} else {
			chain = chain.When(when, then)
		}
	}
	if !w.has("otherwise") || w.isNull("otherwise") {
		return &chain.Expr
	}
	return chain.Otherwise(operand(w.get("otherwise")))
}

func expressions(list []wire) []pardox.Selector {
	made := make([]pardox.Selector, len(list))
	for i, one := range list {
		made[i] = expression(one)
	}
	return made
}

// question is a predicate: text stays text.
func question(w wire) pardox.Expression {
	if w.has("text") {
		return w.text("text")
	}
	return expression(w)
}

// operand is an operand: a literal is typed as a value.
func operand(w wire) pardox.Operand {
	if w.has("lit") {
		return operandOf(w.get("lit"))
	}
	return expression(w)
}

func operands(list []wire) []pardox.Operand {
	made := make([]pardox.Operand, len(list))
	for i, one := range list {
		made[i] = operand(one)
	}
	return made
}

func countOf(args []wire) *pardox.Expr {
	if len(args) == 0 {
		return pardox.Count()
	}
	return expression(args[0]).Count()
}

// items are columns of a result: a column under its own name is typed as the name alone.
func items(list []wire) []pardox.Item {
	made := make([]pardox.Item, len(list))
	for i, item := range list {
		if item.has("text") {
			made[i] = pardox.Text(item.text("text"))
			continue
		}
		named := item.get("named")
		name, expr := named.text("name"), named.get("expr")
		if expr.has("col") && expr.text("col") == name {
			made[i] = name
			continue
		}
		made[i] = expression(expr).Alias(name)
	}
	return made
}

func sortKeys(list []wire) pardox.SortKeys {
	made := make([]any, len(list))
	for i, item := range list {
		if item.has("text") {
			made[i] = pardox.Text(item.text("text"))
			continue
		}
		key := item.get("key")
		var options []pardox.KeyOption
		if key.has("nulls") {
			options = append(options, pardox.WithNulls(pardox.NullOrder(key.text("nulls"))))
		}
		switch expr := expression(key.get("expr")); {
		case key.has("descending") && key.bool("descending"):
			made[i] = expr.Desc(options...)
		case len(options) == 0 && key.get("expr").has("col"):
			made[i] = key.get("expr").text("col")
		default:
			made[i] = expr.Asc(options...)
		}
	}
	return made
}

func params(w wire) pardox.Params {
	made := pardox.Params{}
	names := make([]string, 0, len(w.object()))
	for name := range w.object() {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		made[name] = operandOf(w.get(name))
	}
	return made
}
