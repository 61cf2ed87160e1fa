package pardox

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"time"
	"unicode/utf8"
)

// What a user gives becomes plain values of the plan document, one method of target for each kind:
//
//	where a column is named    text is the column's name      Selector, Item, SortKeys
//	where a question is asked  text is the second door        Expression
//	where a value stands       text is a value                Operand
//
// What cannot be meant is kept as an error, which the step's Collect returns.

type (
	// Value is a value of a column: string, bool, any integer type, float32 or float64, Date,
	// time.Time without its zone, or nil for null.
	Value = any
	// Operand is an *Expr, or a Value that stands for itself.
	Operand = any
	// Expression is an *Expr, or text of the second door such as "price > 10".
	Expression = any
	// Selector is an *Expr, or the name of a column.
	Selector = any
	// Item is a column of a result: a name, a *Expr with an alias, or Text("a, b as c").
	Item = any
	// SortKeys is what to order by: a Selector, a SortKey, or a []any of them.
	SortKeys = any
)

// Params are values of parameters by name: what :name means in text.
type Params map[string]Value

// All keeps all rows, where a count of rows is asked for.
const All = -1

// Date is a day of the proleptic Gregorian calendar.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// String is the day as YYYY-MM-DD.
func (d Date) String() string { return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day) }

// ColumnValues are the values of one column.
type ColumnValues struct {
	Name   string
	Values any // a slice of any type that Value lists
}

// Values names the values of a column.
func Values[T any](name string, values ...T) ColumnValues { return ColumnValues{name, values} }

// JoinKeys are columns that must be equal; On and And make them.
type JoinKeys struct{ pairs [][2]string }

// On joins on columns that both tables name alike.
func On(columns ...string) JoinKeys {
	keys := JoinKeys{}
	for _, column := range columns {
		keys.pairs = append(keys.pairs, [2]string{column, column})
	}
	return keys
}

// And joins also on a pair of columns that the tables name differently.
func (k JoinKeys) And(left, right string) JoinKeys {
	return JoinKeys{append(append([][2]string{}, k.pairs...), [2]string{left, right})}
}

// SortKey is what to order by, with its direction; Expr.Asc and Expr.Desc make it.
type SortKey struct {
	wire wire
	err  error
}

// wire is a JSON object of the plan document; a *frameRef in it becomes the frame's index.
type wire = map[string]any

// frameRef is a table of the library as a leaf of a plan.
type frameRef struct{ handle *handle }

type option interface{ set(to *target) error }

// target is a step under construction: its fields, values of parameters, and the first error.
type target struct {
	fields wire
	values Params
	err    error
}

func newTarget() *target { return &target{fields: wire{}, values: Params{}} }

func (t *target) fail(err error) {
	if t.err == nil {
		t.err = err
	}
}

func (t *target) put(field string, value any) {
	if text, ok := value.(string); ok && !utf8.ValidString(text) {
		t.fail(refused(ErrInvalidUTF8, "the text for "+field+" is not valid UTF-8"))
	}
	t.fields[field] = value
}

func (t *target) field(name string, value any) error {
	if count, ok := value.(int); ok && count < 0 {
		return refused(ErrInvalidArgument,
			fmt.Sprintf("expected a whole number from 0 for %s, found %d", name, count))
	}
	if tables, ok := value.(map[string]Frame); ok {
		// Fields of their own: a table may be named as a field of this step is.
		inner := newTarget()
		for table, one := range tables {
			inner.frame(table, one)
		}
		t.params([]Params{inner.values})
		t.fail(inner.err)
		value = inner.fields
	}
	t.put(name, value)
	return nil
}

func (t *target) beside(_ string, value any) error {
	t.params([]Params{value.(Params)})
	return nil
}

func (t *target) params(given []Params) {
	for _, params := range given {
		for name, value := range params {
			if known, ok := t.values[name]; ok && !sameValue(known, value) {
				t.fail(refused(ErrParameter, "the parameter "+name+" is given twice"))
			}
			t.values[name] = value
		}
	}
}

// sameValue says whether two values are one in the plan: 1 and int64(1) are, and so are two NaN.
func sameValue(one, other Value) bool {
	left, err := literalOf(one, "")
	right, otherErr := literalOf(other, "")
	if err != nil || otherErr != nil {
		return false
	}
	return reflect.DeepEqual(left, right)
}

func apply[O option](to *target, options []O) {
	for _, one := range options {
		if any(one) == nil {
			to.fail(refused(ErrInvalidArgument, "expected an option, found nil"))
			continue
		}
		if err := one.set(to); err != nil {
			to.fail(err)
		}
	}
}

func applyAt[O option](to *target, field string, options []O) {
	inner := newTarget()
	apply(inner, options)
	to.fields[field] = inner.fields
	to.fail(inner.err)
}

func (t *target) expression(field string, value Expression) {
	one := question(value)
	t.fields[field] = one.wire
	t.fail(one.err)
}

func (t *target) whole(field string, value int) {
	t.fail(t.field(field, value))
}

func (t *target) wholeOrAll(field string, value int) {
	if value == All {
		t.fields[field] = nil
		return
	}
	t.whole(field, value)
}

func (t *target) names(field string, names []string) {
	list := make([]any, len(names))
	for i, name := range names {
		t.put(field, name)
		list[i] = name
	}
	t.fields[field] = list
}

func (t *target) namesOrAll(field string, names []string) {
	if t.names(field, names); len(names) == 0 {
		t.fields[field] = nil
	}
}

func (t *target) items(field string, items []Item) {
	list, err := itemList(items)
	t.fields[field] = list
	t.fail(err)
}

func itemList(items []Item) ([]any, error) {
	list := make([]any, 0, len(items))
	for _, item := range items {
		switch one := item.(type) {
		case string:
			list = append(list, namedItem(one, wire{"col": one}))
		case expressible:
			expr := one.expr()
			name, isText := expr.name, false
			if name == "" {
				name, _ = expr.wire["col"].(string)
				_, isText = expr.wire["text"]
			}
			if expr.err != nil {
				return nil, expr.err
			}
			switch {
			case name != "":
				list = append(list, namedItem(name, expr.wire))
			case isText:
				list = append(list, expr.wire)
			default:
				return nil, refused(ErrInvalidArgument,
					`the expression has no name; give it one with .Alias("total")`)
			}
		default:
			return nil, refused(ErrInvalidArgument,
				fmt.Sprintf("expected a column's name or an expression, found %T", item))
		}
	}
	return list, nil
}

func namedItem(name string, expr wire) wire {
	return wire{"named": wire{"name": name, "expr": expr}}
}

func (t *target) sortKeys(field string, by SortKeys, options []SortOption) {
	defaults := newTarget()
	apply(defaults, options)
	t.fail(defaults.err)
	var list []any
	switch keys := by.(type) {
	case []any:
		list = keys
	case []string:
		for _, key := range keys {
			list = append(list, key)
		}
	default:
		list = []any{by}
	}
	wires := make([]any, 0, len(list))
	for _, key := range list {
		if one, ok := key.(SortKey); ok {
			t.fail(one.err)
			wires = append(wires, one.wire)
			continue
		}
		expr := selected(key)
		t.fail(expr.err)
		if _, isText := expr.wire["text"]; isText && len(options) == 0 {
			wires = append(wires, expr.wire)
			continue
		}
		inner := wire{"expr": expr.wire}
		for name, value := range defaults.fields {
			inner[name] = value
		}
		wires = append(wires, wire{"key": inner})
	}
	t.fields[field] = wires
}

func (t *target) joinKeys(field string, keys JoinKeys) {
	list := make([]any, 0, len(keys.pairs))
	for _, pair := range keys.pairs {
		list = append(list, wire{"left": pair[0], "right": pair[1]})
	}
	t.fields[field] = list
}

func (t *target) renamings(field string, columns map[string]string) {
	list := make([]any, 0, len(columns))
	for _, from := range sortedKeys(columns) {
		list = append(list, wire{"from": from, "to": columns[from]})
	}
	t.fields[field] = list
}

func (t *target) frame(field string, value Frame) {
	steps, err := stepsOf(value)
	if err != nil {
		t.fail(err)
		return
	}
	t.fields[field] = steps.wire
	t.params([]Params{steps.values})
	t.fail(steps.err)
}

func (t *target) frames(field string, values []Frame) {
	list := make([]any, 0, len(values))
	for _, value := range values {
		t.frame(field, value)
		list = append(list, t.fields[field])
	}
	t.fields[field] = list
}

func (t *target) columnValues(field string, columns []ColumnValues, options []ValuesOption) {
	given := newTarget()
	apply(given, options)
	types, _ := given.fields["schema"].(map[string]DataType)
	known := map[string]bool{}
	list := make([]any, 0, len(columns))
	for _, column := range columns {
		known[column.Name] = true
		node, err := columnNode(column, types[column.Name])
		if err != nil {
			t.fail(err)
			return
		}
		list = append(list, node)
	}
	for name := range types {
		if !known[name] {
			t.fail(refused(ErrUnknownColumn, "the schema names "+name+", which has no values"))
		}
	}
	t.fields[field] = list
}

func columnNode(column ColumnValues, dtype DataType) (wire, error) {
	values := reflect.ValueOf(column.Values)
	if values.Kind() != reflect.Slice {
		summary := fmt.Sprintf("expected a slice of values for column %s, found %T",
			column.Name, column.Values)
		return nil, refused(ErrInvalidArgument, summary)
	}
	if dtype == "" {
		found, err := typeOf(values, column.Name)
		if err != nil {
			return nil, err
		}
		dtype = found
	}
	cells := make([]any, values.Len())
	for i := range cells {
		literal, err := literalOf(values.Index(i).Interface(), dtype)
		if err != nil {
			err.Message = "column " + column.Name + ": " + err.Message
			return nil, err
		}
		if object, ok := literal.(wire); ok {
			cells[i] = fmt.Sprint(object[dtype.kind()])
			for _, tag := range []string{"nested", "typed"} {
				if held, isTyped := object[tag].(wire); isTyped {
					cells[i] = held["value"]
				}
			}
		}
	}
	return wire{"name": column.Name, "dtype": string(dtype), "values": cells}, nil
}

// typeOf is the one type of some values; whole numbers beside others are float64. Where there is
// none, the slice says it.
func typeOf(values reflect.Value, name string) (DataType, error) {
	var found DataType
	var nested []Value
	for i := range values.Len() {
		value := values.Index(i).Interface()
		if value == nil {
			continue
		}
		if isNestedValue(value) || nested != nil {
			nested = append(nested, value)
			continue
		}
		kind, err := kindOf(value)
		switch {
		case err != nil:
			return "", err
		case found == "" || found == kind:
			found = kind
		case isWhole(found) && isWhole(kind):
			found = DataTypeInt64
		case isNumber(found) && isNumber(kind):
			found = DataTypeFloat64
		default:
			return "", refused(ErrTypeMismatch, fmt.Sprintf(
				"column %s holds %s and %s; name its type in WithSchema", name, found, kind))
		}
	}
	if nested != nil && found == "" {
		return nestedType(nested, name)
	}
	if nested != nil {
		return "", refused(ErrTypeMismatch, "column "+name+" holds lists beside other values")
	}
	if found == kindDecimal {
		return decimalType(values), nil
	}
	if found != "" {
		return found, nil
	}
	if element := values.Type().Elem(); element.Kind() != reflect.Interface {
		if kind, err := kindOf(reflect.Zero(element).Interface()); err == nil {
			if kind == kindDecimal {
				return decimalType(values), nil
			}
			return kind, nil
		}
	}
	return DataTypeUTF8, nil
}

func kindOf(value Value) (DataType, *Error) {
	switch one := value.(type) {
	case time.Time:
		return momentType(one), nil
	case Date:
		return DataTypeDate, nil
	case Decimal:
		return kindDecimal, nil
	}
	switch reflect.ValueOf(value).Kind() {
	case reflect.String:
		return DataTypeUTF8, nil
	case reflect.Bool:
		return DataTypeBool, nil
	case reflect.Float32:
		return DataTypeFloat32, nil
	case reflect.Float64:
		return DataTypeFloat64, nil
	case reflect.Int, reflect.Int64:
		return DataTypeInt64, nil
	case reflect.Int8:
		return DataTypeInt8, nil
	case reflect.Int16:
		return DataTypeInt16, nil
	case reflect.Int32:
		return DataTypeInt32, nil
	case reflect.Uint8:
		return DataTypeUint8, nil
	case reflect.Uint16:
		return DataTypeUint16, nil
	case reflect.Uint32:
		return DataTypeUint32, nil
	case reflect.Uint, reflect.Uint64:
		return DataTypeUint64, nil
	}
	return "", refused(ErrInvalidArgument, fmt.Sprintf(
		"expected text, a number, a bool, a Date, a time.Time, a Decimal or nil, found %T", value))
}

// literalOf is a typed value of the document; without dtype the type follows from the value.
func literalOf(value Value, dtype DataType) (any, *Error) {
	if value == nil {
		return "null", nil
	}
	if dtype.isNested() || dtype == "" && isNestedValue(value) {
		return nestedLiteral(value, dtype)
	}
	kind, err := kindOf(value)
	if err != nil {
		return nil, err
	}
	if dtype == "" {
		dtype = kind
	}
	of := reflect.ValueOf(value)
	if dtype == DataTypeDictionary {
		dtype = DataTypeUTF8
	}
	isText := kind == DataTypeUTF8 && (dtype == DataTypeDate || dtype == DataTypeTimestamp)
	switch {
	case isText:
		return wire{string(dtype): of.String()}, nil
	case dtype.isMomentOf():
		return momentOfLiteral(value, dtype)
	case dtype == DataTypeTimestamp && kind.isMomentOf():
		return momentLiteral(value.(time.Time))
	case dtype.isDecimal() || kind == kindDecimal && dtype == kind:
		return decimalLiteral(value, kind, dtype)
	case isWhole(dtype) && isWhole(kind):
		// The engine knows the range of each type.
		return wire{string(dtype): wholeText(of)}, nil
	case (dtype == DataTypeFloat32 || dtype == DataTypeFloat64) && isWhole(kind):
		return wholeAsFloat(of, dtype)
	case isNumber(dtype) && !isWhole(dtype) && isNumber(kind):
		return wire{string(dtype): floatText(of.Float(), kind)}, nil
	case dtype == DataTypeTimestamp && kind == DataTypeDate:
		return wire{"timestamp": value.(Date).String() + "T00:00:00"}, nil
	case dtype != kind:
		return nil, refused(ErrBadValue, fmt.Sprintf("expected %s, found %v", dtype, value))
	}
	switch kind {
	case DataTypeBool:
		return wire{"bool": of.Bool()}, nil
	case DataTypeTimestamp:
		return momentLiteral(value.(time.Time))
	case DataTypeDate:
		return wire{"date": value.(Date).String()}, nil
	}
	if text := of.String(); !utf8.ValidString(text) {
		return nil, refused(ErrInvalidUTF8, "the text of a value is not valid UTF-8")
	}
	return wire{"utf8": of.String()}, nil
}

// encode writes a plan as JSON; the frames in it are numbered as they are met.
func encode(out *strings.Builder, value any, frames *[]*handle) error {
	switch one := value.(type) {
	case string:
		// json.Marshal would put other characters in the place of such bytes, and so ask another
		// question.
		if !utf8.ValidString(one) {
			return refused(ErrInvalidUTF8, fmt.Sprintf("the text %q is not valid UTF-8", one))
		}
		data, err := json.Marshal(one)
		out.Write(data)
		return err
	case []string:
		if one == nil {
			return encode(out, nil, frames)
		}
		list := make([]any, len(one))
		for i, item := range one {
			list[i] = item
		}
		return encode(out, list, frames)
	case map[string]DataType:
		object := wire{}
		for name, dtype := range one {
			object[name] = string(dtype)
		}
		return encode(out, object, frames)
	case *frameRef:
		fmt.Fprintf(out, `{"frame":{"index":%d}}`, len(*frames))
		*frames = append(*frames, one.handle)
	case *feedSource:
		fmt.Fprint(out, len(*frames))
		*frames = append(*frames, &handle{what: "feed", source: one})
	case wire:
		out.WriteByte('{')
		for i, key := range sortedKeys(one) {
			if i > 0 {
				out.WriteByte(',')
			}
			if err := encode(out, key, frames); err != nil {
				return err
			}
			out.WriteByte(':')
			if err := encode(out, one[key], frames); err != nil {
				return err
			}
		}
		out.WriteByte('}')
	case []any:
		out.WriteByte('[')
		for i, item := range one {
			if i > 0 {
				out.WriteByte(',')
			}
			if err := encode(out, item, frames); err != nil {
				return err
			}
		}
		out.WriteByte(']')
	default:
		data, err := json.Marshal(value)
		out.Write(data)
		return err
	}
	return nil
}
