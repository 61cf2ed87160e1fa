package pardox

import (
	"fmt"
	"strings"
	"time"
)

// DataTypeTimestampOf is the type of moments in s, ms, us or ns, and of the zone whose clocks show
// them, as "Europe/Berlin"; without a zone where it is "".
func DataTypeTimestampOf(unit, zone string) DataType {
	if zone == "" {
		return DataType(fmt.Sprintf("timestamp(%s)", unit))
	}
	return DataType(fmt.Sprintf("timestamp(%s,%s)", unit, zone))
}

// isMomentOf says whether a type is one of moments with a unit of its own, or with a zone.
func (t DataType) isMomentOf() bool { return strings.HasPrefix(string(t), "timestamp(") }

// unitAndZone reads the parameters of such a type.
func (t DataType) unitAndZone() (unit, zone string) {
	parameters := strings.TrimSuffix(strings.TrimPrefix(string(t), "timestamp("), ")")
	unit, zone, _ = strings.Cut(parameters, ",")
	return unit, zone
}

// momentReader gives how the ticks of a type become a time.Time: in the zone, or in UTC where there
// is none.
func momentReader(dtype DataType, column string) (func(ticks int64) time.Time, error) {
	unit, zone := dtype.unitAndZone()
	location, err := locationOf(zone, column)
	if err != nil {
		return nil, err
	}
	return func(ticks int64) time.Time {
		switch unit {
		case "s":
			return time.Unix(ticks, 0).In(location)
		case "ms":
			return time.UnixMilli(ticks).In(location)
		case "us":
			return time.UnixMicro(ticks).In(location)
		}
		return time.Unix(0, ticks).In(location)
	}, nil
}

func locationOf(zone, column string) (*time.Location, error) {
	if zone == "" || zone == "UTC" {
		return time.UTC, nil
	}
	if zone[0] == '+' || zone[0] == '-' {
		if one, err := time.Parse("-07:00", zone); err == nil {
			_, offset := one.Zone()
			return time.FixedZone(zone, offset), nil
		}
	}
	location, err := time.LoadLocation(zone)
	if err != nil {
		return nil, refused(ErrUnsupported, fmt.Sprintf(
			"column %s has the zone %s, which this machine does not know; import time/tzdata",
			column, zone))
	}
	return location, nil
}

// momentType is the type of a moment: without a zone in UTC, as timestamps come out, and with its
// zone else. The zone of the machine has no name that others know.
func momentType(value time.Time) DataType {
	location := value.Location()
	if location == time.UTC || location == time.Local {
		return DataTypeTimestamp
	}
	unit := "us"
	if value.Nanosecond()%1000 != 0 {
		unit = "ns"
	}
	zone := location.String()
	known, err := time.LoadLocation(zone)
	// A fixed offset may be called as a zone is: it is one only where the clocks agree.
	if err != nil || zone == "" || zone == "Local" || !hasOffsetOf(value, known) {
		zone = value.Format("-07:00")
	}
	return DataTypeTimestampOf(unit, zone)
}

func hasOffsetOf(value time.Time, zone *time.Location) bool {
	_, own := value.Zone()
	_, there := value.In(zone).Zone()
	return own == there
}

// momentOfLiteral is a moment of a type with a unit of its own, or with a zone.
func momentOfLiteral(value Value, dtype DataType) (any, *Error) {
	typed := func(text string) (any, *Error) {
		return wire{"typed": wire{"dtype": string(dtype), "value": text}}, nil
	}
	_, zone := dtype.unitAndZone()
	switch one := value.(type) {
	case string:
		return typed(one)
	case Date:
		if zone == "" {
			return typed(one.String())
		}
	case time.Time:
		if zone != "" {
			return typed(one.UTC().Format("2006-01-02T15:04:05.999999999Z07:00"))
		}
		if one.Location() == time.UTC {
			return typed(one.Format("2006-01-02T15:04:05.999999999"))
		}
		return nil, refused(ErrUnsupported,
			string(dtype)+" has no zone; give the moment in UTC, with value.UTC()")
	}
	return nil, refused(ErrBadValue, fmt.Sprintf("expected %s, found %v", dtype, value))
}

// momentLiteral is a moment without a zone: one in another zone than UTC would change silently.
func momentLiteral(value time.Time) (any, *Error) {
	if value.Location() != time.UTC {
		return nil, refused(ErrUnsupported,
			"timestamps have no zone; give the moment in UTC, with value.UTC()")
	}
	if value.Nanosecond()%1000 != 0 {
		return nil, refused(ErrBadValue,
			"timestamps have microseconds; round the moment with value.Truncate(time.Microsecond)")
	}
	return wire{"timestamp": value.Format("2006-01-02T15:04:05.000000")}, nil
}
