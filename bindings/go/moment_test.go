package pardox

import (
	"context"
	"testing"
	"time"
)

func TestMomentsKeepTheirZoneAndUnit(t *testing.T) {
	ctx := context.Background()
	berlin, err := time.LoadLocation("Europe/Berlin")
	equal(t, err, nil)
	fixed := time.FixedZone("", -(3*3600 + 1800))
	early := time.Date(2024, 10, 27, 0, 30, 0, 0, time.UTC).In(berlin)
	late := early.Add(time.Hour)
	fine := time.Date(2024, 7, 1, 0, 0, 0, 1, fixed)
	df, err := FromColumns([]ColumnValues{
		Values("a", early, late), Values[any]("b", fine, nil),
	})
	equal(t, err, nil)
	schema, err := df.Schema()
	equal(t, err, nil)
	equal(t, schema[0].Dtype, DataTypeTimestampOf("us", "Europe/Berlin"))
	equal(t, schema[1].Dtype, DataTypeTimestampOf("ns", "-03:30"))
	a, err := df.Column("a")
	equal(t, err, nil)
	defer a.Close()
	values, err := a.Values()
	equal(t, err, nil)
	equal(t, values[0].(time.Time).Format(time.RFC3339), "2024-10-27T02:30:00+02:00")
	equal(t, values[1].(time.Time).Format(time.RFC3339), "2024-10-27T02:30:00+01:00")
	ticks, err := a.Int64s()
	equal(t, err, nil)
	equal(t, ticks[0], early.UnixMicro())
	later, err := df.Filter(Col("a").Gt(early)).Collect(ctx)
	equal(t, err, nil)
	b, err := later.Column("b")
	equal(t, err, nil)
	defer b.Close()
	nothing, err := b.Values()
	equal(t, err, nil)
	equal(t, nothing, []Value{nil})
	b, err = df.Column("b")
	equal(t, err, nil)
	defer b.Close()
	values, err = b.Values()
	equal(t, err, nil)
	equal(t, values[0].(time.Time).Equal(fine), true)
}

// time.Parse makes a zone up from a name that it does not know the offset of.
func TestAFixedOffsetThatIsCalledAsAZoneIsNoZone(t *testing.T) {
	for name, want := range map[string]DataType{
		"EST":   "timestamp(us,+10:00)",
		"Local": "timestamp(us,+10:00)",
	} {
		moment := time.Date(2026, 1, 2, 3, 4, 5, 0, time.FixedZone(name, 10*3600))
		if found := momentType(moment); found != want {
			t.Errorf("%s: expected %s, found %s", name, want, found)
		}
	}
	est := time.Date(2026, 1, 2, 3, 4, 5, 0, time.FixedZone("EST", -5*3600))
	if found := momentType(est); found != "timestamp(us,EST)" {
		t.Errorf("expected the zone itself, found %s", found)
	}
}
