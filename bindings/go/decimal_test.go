package pardox

import (
	"errors"
	"math/big"
	"strings"
	"testing"
)

func TestDecimalsKeepTheirDigits(t *testing.T) {
	large := strings.Repeat("9", 38)
	for _, text := range []string{
		"0", "0.00", "12.50", "-12.50", "0.05", "-0.05", "18446744073709551616",
		"-18446744073709551615",
		large, "-" + large, "0." + large, "-0." + large,
	} {
		one, err := ParseDecimal(text)
		if err != nil || one.String() != text {
			t.Errorf("%s: %v, %v", text, one, err)
		}
		again, err := NewDecimal(one.Unscaled(), one.Scale())
		if err != nil || again != one {
			t.Errorf("%s: %v, %v", text, again, err)
		}
	}
	one, _ := ParseDecimal("1.5")
	other, _ := ParseDecimal("+1.50")
	isHalf := one.Float64() == 1.5 && one.Rat().Cmp(big.NewRat(3, 2)) == 0
	if one == other || one.Cmp(other) != 0 || !isHalf {
		t.Errorf("%v and %v", one, other)
	}
}

func TestWhatIsNoDecimalIsRefused(t *testing.T) {
	for _, text := range []string{
		"", ".", "-", "+-1", "--1", "1e3", "1_0", "1.2.3", " 1", "1" + strings.Repeat("0", 38),
	} {
		if one, err := ParseDecimal(text); !errors.Is(err, ErrBadValue) {
			t.Errorf("%q: %v, %v", text, one, err)
		}
	}
	if _, err := NewDecimal(big.NewInt(1), 39); !errors.Is(err, ErrBadValue) {
		t.Errorf("scale 39: %v", err)
	}
}
