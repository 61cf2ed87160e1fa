package pardox

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
)

func written(t *testing.T, folder, name, text string) string {
	t.Helper()
	path := filepath.Join(folder, name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func total(t *testing.T, df *DataFrame, err error) int64 {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	defer df.Close()
	var sum int64
	for row, err := range df.Rows() {
		if err != nil {
			t.Fatal(err)
		}
		sum += row["n"].(int64)
	}
	return sum
}

func TestFilesAreCounted(t *testing.T) {
	ctx := context.Background()
	path := written(t, t.TempDir(), "a.csv", "n,t\n1,\"a\nb\"\n2,c\n")
	if count, err := CountCSV(ctx, path); err != nil || count != 2 {
		t.Fatal(count, err)
	}
	if count, err := CountCSV(ctx, path, WithHeader(false)); err != nil || count != 3 {
		t.Fatal(count, err)
	}
	if count, err := CountCSV(ctx, []string{path, path}); err != nil || count != 4 {
		t.Fatal(count, err)
	}
	if _, err := CountCSV(ctx, path+".not"); !errors.Is(err, ErrNotFound) {
		t.Fatal(err)
	}
}

func TestSeveralFilesAndPatternsAreOneTable(t *testing.T) {
	ctx := context.Background()
	folder := t.TempDir()
	one := written(t, folder, "part-1.csv", "n\n1\n")
	two := written(t, folder, "part-2.csv", "n\n20\n")
	df, err := ReadCSV(ctx, []string{two, one})
	if sum := total(t, df, err); sum != 21 {
		t.Fatal(sum)
	}
	df, err = ReadCSV(ctx, filepath.Join(folder, "part-?.csv"))
	if sum := total(t, df, err); sum != 21 {
		t.Fatal(sum)
	}
	df, err = ScanCSV([]string{two, one}, WithFileColumn("file")).Collect(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer df.Close()
	rows, err := df.Records()
	if err != nil || rows[0]["file"] != two || rows[1]["file"] != one {
		t.Fatal(rows, err)
	}
}

func TestReadersAreCounted(t *testing.T) {
	ctx := context.Background()
	count, err := CountCSVFrom(ctx, iotest.OneByteReader(strings.NewReader("n\n1\n\"2\n\"\n")))
	if err != nil || count != 2 {
		t.Fatal(count, err)
	}
	count, err = CountCSVFrom(ctx, strings.NewReader("n\n1\n"), WithHeader(false))
	if err != nil || count != 2 {
		t.Fatal(count, err)
	}
	failure := errors.New("line cut")
	if _, err := CountCSVFrom(ctx, iotest.ErrReader(failure)); !errors.Is(err, failure) {
		t.Fatal(err)
	}
	if _, err := CountCSVFrom(ctx, nil); !errors.Is(err, ErrInvalidArgument) {
		t.Fatal(err)
	}
}

func TestReadersAreRead(t *testing.T) {
	ctx := context.Background()
	df, err := ReadCSVFrom(ctx, strings.NewReader("n\n1\n2\n"))
	if sum := total(t, df, err); sum != 3 {
		t.Fatal(sum)
	}
	df, err = ReadCSVFrom(ctx, iotest.OneByteReader(strings.NewReader("n\n1\n2\n")))
	if sum := total(t, df, err); sum != 3 {
		t.Fatal(sum)
	}
	df, err = ReadCSVFrom(ctx, iotest.DataErrReader(strings.NewReader("n\n1\n2\n")))
	if sum := total(t, df, err); sum != 3 {
		t.Fatal(sum)
	}
	var large bytes.Buffer
	large.WriteString("n\n")
	for range 600_000 {
		large.WriteString("1234\n")
	}
	df, err = ReadCSVFrom(ctx, &large)
	if sum := total(t, df, err); sum != 600_000*1234 {
		t.Fatal(sum)
	}
	if _, err := ReadCSVFrom(ctx, strings.NewReader("")); !errors.Is(err, ErrEmptyInput) {
		t.Fatal(err)
	}
	if _, err := ReadCSVFrom(ctx, nil); !errors.Is(err, ErrInvalidArgument) {
		t.Fatal(err)
	}
}

func TestReaderThatFailsFailsTheReadWithItsOwnError(t *testing.T) {
	before := live(t)
	failure := errors.New("the line went dead")
	reader := io.MultiReader(strings.NewReader("n\n1\n"), iotest.ErrReader(failure))
	if _, err := ReadCSVFrom(context.Background(), reader); !errors.Is(err, failure) {
		t.Fatal(err)
	}
	if after := live(t); after != before {
		t.Fatalf("%d handles before, %d after", before, after)
	}
}

// endless gives bytes for ever, and ends its context after some.
type endless struct {
	cancel context.CancelFunc
	reads  int
}

func (e *endless) Read(p []byte) (int, error) {
	if e.reads++; e.reads == 3 {
		e.cancel()
	}
	return copy(p, "1\n"), nil
}

func TestContextEndsTheReadOfAReader(t *testing.T) {
	before := live(t)
	ctx, cancel := context.WithCancel(context.Background())
	_, err := ReadCSVFrom(ctx, &endless{cancel: cancel})
	if !errors.Is(err, ErrCancelled) || !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	if after := live(t); after != before {
		t.Fatalf("%d handles before, %d after", before, after)
	}
}

func TestReaderIsReadOnce(t *testing.T) {
	ctx := context.Background()
	lazy := ScanCSVFrom(strings.NewReader("n\n1\n2\n")).Filter("n > 1")
	if _, err := lazy.Explain(); !errors.Is(err, ErrInvalidArgument) {
		t.Fatal(err)
	}
	df, err := lazy.Collect(ctx)
	if sum := total(t, df, err); sum != 2 {
		t.Fatal(sum)
	}
	if _, err := lazy.Collect(ctx); !errors.Is(err, ErrInvalidArgument) {
		t.Fatal(err)
	}
}

func TestWhatIsSniffedGoesBackAsOptions(t *testing.T) {
	ctx := context.Background()
	path := written(t, t.TempDir(), "a.csv", "a;b\n1,5;x\n2,5;y\n")
	found, err := SniffCSV(ctx, path)
	if err != nil || found.Columns != 2 || found.Confidence <= 0 {
		t.Fatal(found, err)
	}
	df, err := ReadCSV(ctx, path, found.Options...)
	if err != nil {
		t.Fatal(err)
	}
	defer df.Close()
	if _, columns := df.Shape(); columns != 2 {
		t.Fatal(df)
	}
	known, err := SniffCSV(ctx, path, WithDelimiter("|"))
	if err != nil || known.Columns != 1 {
		t.Fatal(known, err)
	}
}

func TestWhatWasSetAsideComesWithTheFrame(t *testing.T) {
	ctx := context.Background()
	before := live(t)
	clean, err := ReadCSVFrom(ctx, strings.NewReader("a\n1\n"))
	if err != nil {
		t.Fatal(err)
	}
	if none, err := clean.Quarantine(); none != nil || err != nil {
		t.Fatal(none, err)
	}
	if none, err := clean.Faults(); none != nil || err != nil {
		t.Fatal(none, err)
	}
	clean.Close()
	text := strings.NewReader("a,b\n1,2\n3\n4,5\n")
	df, err := ReadCSVFrom(ctx, text, WithOnShort(OnShortQuarantine))
	if err != nil {
		t.Fatal(err)
	}
	quarantine, err := df.Quarantine()
	if err != nil {
		t.Fatal(err)
	}
	rows, err := quarantine.Records()
	if err != nil || len(rows) != 1 || rows[0]["record"] != int64(2) || rows[0]["raw"] != "3" {
		t.Fatal(rows, err)
	}
	faults, err := df.Faults()
	if err != nil {
		t.Fatal(err)
	}
	counts, err := faults.Records()
	if err != nil || counts[0]["rows"] != int64(1) || counts[0]["action"] != "quarantine" {
		t.Fatal(counts, err)
	}
	for _, one := range []*DataFrame{df, quarantine, faults} {
		one.Close()
	}
	if after := live(t); after != before {
		t.Fatalf("%d handles before, %d after", before, after)
	}
}
