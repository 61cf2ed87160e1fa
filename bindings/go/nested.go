package pardox

import (
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"sort"
	"strconv"
	"strings"
	"time"
)

// Field is one field of a struct: its name and its type.
type Field struct {
	Name  string
	DType DataType
}

// DataTypeList is the type of lists of a type. A list is a []any of its values.
func DataTypeList(item DataType) DataType { return "list(" + item + ")" }

// DataTypeStruct is the type of structs of these fields, in this order. A struct is a
// map[string]any of its values.
func DataTypeStruct(fields ...Field) DataType {
	texts := make([]string, len(fields))
	for i, field := range fields {
		texts[i] = fieldName(field.Name) + " " + string(field.DType)
	}
	return DataType("struct(" + strings.Join(texts, ", ") + ")")
}

func (t DataType) isList() bool   { return strings.HasPrefix(string(t), "list(") }
func (t DataType) isStruct() bool { return strings.HasPrefix(string(t), "struct(") }
func (t DataType) isNested() bool { return t.isList() || t.isStruct() }

// Item is the type of a list's values; empty for another type.
func (t DataType) Item() DataType {
	if !t.isList() {
		return ""
	}
	return DataType(strings.TrimSpace(string(t[len("list(") : len(t)-1])))
}

// Fields are the fields of a struct, in order; none for another type.
func (t DataType) Fields() []Field {
	if !t.isStruct() {
		return nil
	}
	rest := strings.TrimSpace(string(t[len("struct(") : len(t)-1]))
	var fields []Field
	for rest != "" {
		name, behind := splitName(rest)
		end := typeEnd(behind)
		fields = append(fields, Field{name, DataType(strings.TrimSpace(behind[:end]))})
		rest = strings.TrimSpace(strings.TrimPrefix(behind[end:], ","))
	}
	return fields
}

// splitName takes a field's name off a text; one in quotes has its quotes doubled.
func splitName(text string) (name, rest string) {
	if !strings.HasPrefix(text, `"`) {
		name, rest, _ = strings.Cut(text, " ")
		return name, rest
	}
	at := 1
	for at < len(text) {
		if text[at] == '"' {
			if at+1 == len(text) || text[at+1] != '"' {
				break
			}
			at++
		}
		name += string(text[at])
		at++
	}
	return name, text[min(at+1, len(text)):]
}

// typeEnd is where a type ends: at a comma in no bracket and no quotes, or at the end.
func typeEnd(text string) int {
	depth, isQuoted := 0, false
	for at, letter := range text {
		switch {
		case letter == '"':
			isQuoted = !isQuoted
		case isQuoted:
		case letter == '(':
			depth++
		case letter == ')':
			depth--
		case letter == ',' && depth == 0:
			return at
		}
	}
	return len(text)
}

func fieldName(name string) string {
	for i, letter := range name {
		isLetter := letter == '_' ||
			letter >= 'a' && letter <= 'z' || letter >= 'A' && letter <= 'Z'
		if !isLetter && (i == 0 || letter < '0' || letter > '9') {
			return `"` + strings.ReplaceAll(name, `"`, `""`) + `"`
		}
	}
	if name == "" {
		return `""`
	}
	return name
}

// nestedValue makes a list or a struct of the library's JSON text.
func nestedValue(text string, dtype DataType) Value {
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	var found any
	if err := decoder.Decode(&found); err != nil {
		panic("pardox: a nested value is no JSON: " + err.Error())
	}
	return decoded(found, dtype)
}

func decoded(found any, dtype DataType) Value {
	if found == nil {
		return nil
	}
	if dtype.isList() {
		list, item := found.([]any), dtype.Item()
		values := make([]any, len(list))
		for i, one := range list {
			values[i] = decoded(one, item)
		}
		return values
	}
	if dtype.isStruct() {
		list := found.([]any)
		values := map[string]any{}
		for i, field := range dtype.Fields() {
			values[field.Name] = decoded(list[i], field.DType)
		}
		return values
	}
	return decodedLeaf(fmt.Sprint(found), dtype)
}

// decodedLeaf makes a value of the text that stands for it in the library's JSON.
func decodedLeaf(text string, dtype DataType) Value {
	whole := func(bits int) int64 {
		number, _ := strconv.ParseInt(text, 10, bits)
		return number
	}
	unsigned := func(bits int) uint64 {
		number, _ := strconv.ParseUint(text, 10, bits)
		return number
	}
	switch {
	case dtype.isDecimal():
		number, _ := ParseDecimal(text)
		return number
	case dtype == DataTypeBool:
		return text == "true"
	case dtype == DataTypeInt64:
		return whole(64)
	case dtype == DataTypeInt32:
		return int32(whole(32))
	case dtype == DataTypeInt16:
		return int16(whole(16))
	case dtype == DataTypeInt8:
		return int8(whole(8))
	case dtype == DataTypeUint64:
		return unsigned(64)
	case dtype == DataTypeUint32:
		return uint32(unsigned(32))
	case dtype == DataTypeUint16:
		return uint16(unsigned(16))
	case dtype == DataTypeUint8:
		return uint8(unsigned(8))
	case dtype == DataTypeFloat64:
		return decodedFloat(text)
	case dtype == DataTypeFloat32:
		return float32(decodedFloat(text))
	case dtype == DataTypeDate:
		moment := time.Unix(whole(64)*86_400, 0).UTC()
		return Date{moment.Year(), moment.Month(), moment.Day()}
	case dtype == DataTypeTimestamp:
		return time.UnixMicro(whole(64)).UTC()
	case dtype.isMomentOf():
		read, err := momentReader(dtype, "")
		if err != nil {
			// A zone that this machine does not know: the moment is the same.
			unit, _ := dtype.unitAndZone()
			read, _ = momentReader(DataTypeTimestampOf(unit, ""), "")
		}
		return read(whole(64))
	}
	return text
}

func decodedFloat(text string) float64 {
	switch text {
	case "NaN":
		return math.NaN()
	case "inf":
		return math.Inf(1)
	case "-inf":
		return math.Inf(-1)
	}
	number, _ := strconv.ParseFloat(text, 64)
	return number
}

// isNestedValue says whether a value is a list or a struct.
func isNestedValue(value Value) bool {
	switch reflect.ValueOf(value).Kind() {
	case reflect.Slice, reflect.Map:
		return true
	}
	return false
}

// nestedType is the type that lists or structs have together.
func nestedType(values []Value, name string) (DataType, error) {
	items, fields := []any{}, map[string][]any{}
	kind := reflect.Invalid
	for _, value := range values {
		of := reflect.ValueOf(value)
		if kind != reflect.Invalid && kind != of.Kind() {
			return "", refused(ErrTypeMismatch, "column "+name+" holds lists beside other values")
		}
		kind = of.Kind()
		switch kind {
		case reflect.Slice:
			for i := range of.Len() {
				items = append(items, of.Index(i).Interface())
			}
		case reflect.Map:
			for _, key := range of.MapKeys() {
				if key.Kind() != reflect.String {
					message := "the fields of column " + name + " have no names"
					return "", refused(ErrTypeMismatch, message)
				}
				fields[key.String()] = append(fields[key.String()], of.MapIndex(key).Interface())
			}
		default:
			return "", refused(ErrTypeMismatch, "column "+name+" holds lists beside other values")
		}
	}
	if kind == reflect.Slice {
		if !holdsValue(items) {
			return "", refused(ErrTypeMismatch,
				"the lists of column "+name+" hold no value; name its type in WithSchema")
		}
		item, err := typeOf(reflect.ValueOf(items), name)
		return DataTypeList(item), err
	}
	// A map has no order: fields are in the order of their names.
	names := make([]string, 0, len(fields))
	for field := range fields {
		names = append(names, field)
	}
	sort.Strings(names)
	typed := make([]Field, len(names))
	for i, field := range names {
		dtype, err := typeOf(reflect.ValueOf(fields[field]), name+"."+field)
		if err != nil {
			return "", err
		}
		typed[i] = Field{field, dtype}
	}
	if len(typed) == 0 {
		return "", refused(ErrTypeMismatch, "a struct of column "+name+" has no field")
	}
	return DataTypeStruct(typed...), nil
}

func holdsValue(values []any) bool {
	for _, value := range values {
		if value != nil {
			return true
		}
	}
	return false
}

// nestedLiteral is a list or a struct as the document holds it; without dtype the type follows from
// the value.
func nestedLiteral(value Value, dtype DataType) (any, *Error) {
	if dtype == "" {
		found, err := nestedType([]Value{value}, "of the value")
		if err != nil {
			return nil, refused(ErrTypeMismatch, err.Error())
		}
		dtype = found
	}
	made, err := encoded(value, dtype)
	if err != nil {
		return nil, err
	}
	text, failure := json.Marshal(made)
	if failure != nil {
		return nil, refused(ErrBadValue, failure.Error())
	}
	return wire{"nested": wire{"dtype": string(dtype), "value": string(text)}}, nil
}

func encoded(value Value, dtype DataType) (any, *Error) {
	if value == nil {
		return nil, nil
	}
	of := reflect.ValueOf(value)
	switch {
	case dtype.isList() && of.Kind() == reflect.Slice:
		list, item := make([]any, of.Len()), dtype.Item()
		for i := range list {
			one, err := encoded(of.Index(i).Interface(), item)
			if err != nil {
				return nil, err
			}
			list[i] = one
		}
		return list, nil
	case dtype.isStruct() && of.Kind() == reflect.Map:
		return encodedStruct(of, dtype)
	case dtype.isNested():
		return nil, refused(ErrBadValue, fmt.Sprintf("expected %s, found %v", dtype, value))
	}
	literal, err := literalOf(value, dtype)
	if err != nil {
		return nil, err
	}
	if object, ok := literal.(wire); ok {
		return fmt.Sprint(object[dtype.kind()]), nil
	}
	return nil, nil
}

func encodedStruct(of reflect.Value, dtype DataType) (any, *Error) {
	fields := dtype.Fields()
	list, known := make([]any, len(fields)), map[string]bool{}
	for i, field := range fields {
		known[field.Name] = true
		held := of.MapIndex(reflect.ValueOf(field.Name))
		if !held.IsValid() {
			continue
		}
		one, err := encoded(held.Interface(), field.DType)
		if err != nil {
			return nil, err
		}
		list[i] = one
	}
	for _, key := range of.MapKeys() {
		if !known[key.String()] {
			return nil, refused(ErrBadValue,
				fmt.Sprintf("%s has no field %s", dtype, key.String()))
		}
	}
	return list, nil
}
