package pardox

import (
	"math"
	"reflect"
	"strconv"
	"strings"
)

// Numbers as the text of the plan document.

func isWhole(dtype DataType) bool {
	switch dtype {
	case DataTypeInt8, DataTypeInt16, DataTypeInt32, DataTypeInt64,
		DataTypeUint8, DataTypeUint16, DataTypeUint32, DataTypeUint64:
		return true
	}
	return false
}

func isNumber(dtype DataType) bool {
	return isWhole(dtype) || dtype == DataTypeFloat32 || dtype == DataTypeFloat64
}

func wholeText(of reflect.Value) string {
	if of.CanUint() {
		return strconv.FormatUint(of.Uint(), 10)
	}
	return strconv.FormatInt(of.Int(), 10)
}

func wholeAsFloat(of reflect.Value, dtype DataType) (any, *Error) {
	text := wholeText(of)
	number, _ := strconv.ParseFloat(text, bitsOf(dtype))
	if strconv.FormatFloat(number, 'f', 0, 64) != text {
		return nil, refused(ErrBadValue, text+" is not exact as "+string(dtype))
	}
	return wire{string(dtype): floatText(number, dtype)}, nil
}

func bitsOf(dtype DataType) int {
	if dtype == DataTypeFloat32 {
		return 32
	}
	return 64
}

// floatText is the shortest decimal that reads back as the same number of its type.
func floatText(value float64, dtype DataType) string {
	switch {
	case math.IsNaN(value):
		return "NaN"
	case math.IsInf(value, 0):
		return strings.ToLower(strings.TrimPrefix(strconv.FormatFloat(value, 'g', -1, 64), "+"))
	}
	return strconv.FormatFloat(value, 'g', -1, bitsOf(dtype))
}
