package pardox

import (
	"fmt"
	"math/big"
	"math/bits"
	"reflect"
	"strconv"
	"strings"
)

// kindDecimal is what types of decimals have in common.
const kindDecimal DataType = "decimal"

// DataTypeDecimal is the type of decimals of at most precision digits, scale of them behind the
// point.
func DataTypeDecimal(precision, scale int) DataType {
	return DataType(fmt.Sprintf("decimal(%d,%d)", precision, scale))
}

func (t DataType) isDecimal() bool { return strings.HasPrefix(string(t), "decimal(") }

// kind is the name of the type's literals: without parameters, and that of text for codes of it.
func (t DataType) kind() string {
	if t == DataTypeDictionary {
		return "utf8"
	}
	kind, _, _ := strings.Cut(string(t), "(")
	return kind
}

// scale is the scale of a type of decimals.
func (t DataType) scale() uint8 {
	_, scale, _ := strings.Cut(strings.TrimSuffix(string(t), ")"), ",")
	number, _ := strconv.ParseUint(scale, 10, 8)
	return uint8(number)
}

// decimalLiteral is a decimal of the document, of a Decimal, a whole number or text.
func decimalLiteral(value Value, kind, dtype DataType) (any, *Error) {
	switch kind {
	case kindDecimal:
		return wire{"decimal": value.(Decimal).String()}, nil
	case DataTypeInt64:
		return wire{"decimal": wholeText(reflect.ValueOf(value))}, nil
	case DataTypeUTF8:
		return wire{"decimal": reflect.ValueOf(value).String()}, nil
	}
	return nil, refused(ErrBadValue, fmt.Sprintf("expected %s, found %v", dtype, value))
}

// decimalType is the smallest type that holds every digit of some decimals.
func decimalType(values reflect.Value) DataType {
	whole, scale := 1, 0
	for i := range values.Len() {
		if one, ok := values.Index(i).Interface().(Decimal); ok {
			text := strings.TrimPrefix(one.String(), "-")
			before, _, _ := strings.Cut(text, ".")
			whole = max(whole, len(strings.TrimLeft(before, "0")))
			scale = max(scale, one.Scale())
		}
	}
	return DataTypeDecimal(min(whole+scale, decimalDigits), scale)
}

// decimalDigits is the most digits that a decimal has.
const decimalDigits = 38

// Decimal is an exact decimal number: a whole number of at most 38 digits by 10 to the power of a
// scale from 0 to 38. It is a value: copied by assignment, a key of maps. == compares the digits as
// they are written, so 1.5 and 1.50 differ; Cmp compares the numbers.
//
// For arithmetic take Unscaled and Scale to a library of decimals, as in
// decimal.NewFromBigInt(d.Unscaled(), -int32(d.Scale())), or Rat.
type Decimal struct {
	// The whole number in two's complement of 128 bits.
	high  int64
	low   uint64
	scale uint8
}

// NewDecimal gives unscaled by 10 to the power of scale.
//
// Errors: ErrBadValue for more than 38 digits, or another scale than 0 to 38.
func NewDecimal(unscaled *big.Int, scale int) (Decimal, error) {
	size := new(big.Int).Abs(unscaled)
	if len(size.String()) > decimalDigits || scale < 0 || scale > decimalDigits {
		return Decimal{}, refused(ErrBadValue, fmt.Sprintf(
			"expected at most %d digits, and a scale from 0 to %d, found %s and %d",
			decimalDigits, decimalDigits, unscaled, scale))
	}
	low := new(big.Int).And(size, new(big.Int).SetUint64(^uint64(0))).Uint64()
	high := new(big.Int).Rsh(size, 64).Uint64()
	if unscaled.Sign() < 0 {
		var borrow uint64
		low, borrow = bits.Sub64(0, low, 0)
		high, _ = bits.Sub64(0, high, borrow)
	}
	return Decimal{int64(high), low, uint8(scale)}, nil
}

// ParseDecimal reads a decimal number with as many digits behind the point as the text has.
//
// Errors: ErrBadValue for text that is no such number, or has more than 38 digits.
func ParseDecimal(text string) (Decimal, error) {
	unsigned := strings.TrimPrefix(strings.TrimPrefix(text, "-"), "+")
	whole, fraction, hasPoint := strings.Cut(unsigned, ".")
	digits := whole + fraction
	isDigits := strings.Trim(digits, "0123456789") == "" && digits != ""
	isSigned := len(text)-len(unsigned) > 1
	unscaled, ok := new(big.Int).SetString(digits, 10)
	if !isDigits || isSigned || !ok || (hasPoint && fraction == "" && whole == "") {
		return Decimal{}, refused(ErrBadValue,
			fmt.Sprintf("expected a decimal number, found %q", text))
	}
	if strings.HasPrefix(text, "-") {
		unscaled.Neg(unscaled)
	}
	return NewDecimal(unscaled, len(fraction))
}

// MarshalText writes the number as String does; in JSON it is a string.
func (d Decimal) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads a number as ParseDecimal does.
func (d *Decimal) UnmarshalText(text []byte) error {
	parsed, err := ParseDecimal(string(text))
	if err == nil {
		*d = parsed
	}
	return err
}

// Unscaled is the number without its point: 1250 for 12.50.
func (d Decimal) Unscaled() *big.Int {
	whole := new(big.Int).Lsh(big.NewInt(d.high), 64)
	return whole.Add(whole, new(big.Int).SetUint64(d.low))
}

// Scale is the number of digits behind the point.
func (d Decimal) Scale() int { return int(d.scale) }

// Rat is the exact number.
func (d Decimal) Rat() *big.Rat {
	power := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(d.scale)), nil)
	return new(big.Rat).SetFrac(d.Unscaled(), power)
}

// Float64 is the nearest float.
func (d Decimal) Float64() float64 {
	number, _ := d.Rat().Float64()
	return number
}

// Cmp is -1, 0 or 1 where the number is below, equal to, or above another.
func (d Decimal) Cmp(other Decimal) int { return d.Rat().Cmp(other.Rat()) }

// String is the number with all digits of its scale: 12.50.
func (d Decimal) String() string {
	unscaled := d.Unscaled()
	digits := new(big.Int).Abs(unscaled).String()
	if missing := int(d.scale) + 1 - len(digits); missing > 0 {
		digits = strings.Repeat("0", missing) + digits
	}
	sign := ""
	if unscaled.Sign() < 0 {
		sign = "-"
	}
	point := len(digits) - int(d.scale)
	if d.scale == 0 {
		return sign + digits
	}
	return sign + digits[:point] + "." + digits[point:]
}
