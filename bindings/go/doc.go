// Package pardox reads tables from files into typed columns and answers questions about them.
//
//	df, err := pardox.ReadCSV(ctx, "sales.csv", pardox.WithDelimiter(";"))
//	if err != nil {
//		return err
//	}
//	defer df.Close()
//	totals, err := df.
//		Filter("price > :low", pardox.Params{"low": 10}).
//		GroupBy("region").
//		Agg(pardox.Sum("price").Alias("total"), pardox.Count().Alias("n")).
//		Sort("total", pardox.WithDescending(true)).
//		Collect(ctx)
//
// A step on a frame gives a [LazyFrame]; Collect runs the chain as one plan, and returns what was
// wrong with any of its steps. A context that ends cancels the work. Errors are [*Error]:
// errors.Is(err, pardox.ErrUnknownColumn) asks for a kind, errors.As gives file, record, line and
// what to try.
//
// Frames and columns hold memory outside Go's heap: Close gives it back at once, a second Close
// does nothing, and what is not closed goes some time after it is unreachable. They do not change
// and may be used by several goroutines; closing one while another goroutine uses it is for the
// program to order. [Column.View] reads a column in place.
package pardox
