//! Every bound in the engine, with its unit in the name and its reason beside it.

/// Rows of a HyperBlock that the engine makes: 64 Ki rows of 8 bytes are 512 KiB, which stays in
/// L2. A multiple of 512, so that validity bitmaps of whole blocks start on 64 bytes.
pub const BLOCK_ROWS_MAX: usize = 65_536;

/// Rows that expressions take at a time: temporaries of 8 bytes stay in L1 and L2.
pub const BATCH_ROWS_MAX: usize = 4_096;

/// Bytes of one column's text that expressions take at a time, unless one value has more: a cancel
/// is seen between two batches.
pub const BATCH_TEXT_BYTES_MAX: usize = 1 << 20;

/// Bytes of text in one array: offsets are `i32`.
pub const ARRAY_TEXT_BYTES_MAX: usize = i32::MAX as usize;

/// Elements of the lists of one array: offsets are `i32`.
pub const LIST_ELEMENTS_MAX: usize = i32::MAX as usize;

/// Levels of a type, lists and structs within each other: what works on them goes down level by
/// level on the stack.
pub const NESTED_DEPTH_MAX: usize = 32;

/// Types in the type of one column, itself and all below.
pub const NESTED_TYPES_MAX: usize = 4_096;

/// Alignment of every buffer in memory and in `.prdx`: a cache line, and the widest SIMD register.
pub const BUFFER_ALIGN_BYTES: usize = 64;

/// Size from which a buffer asks for huge pages: below it, a partly used huge page costs more.
pub const HUGE_PAGE_BYTES_MIN: usize = 4 << 20;

/// Alignment of buffers that ask for huge pages: the size of such a page on x86-64 and aarch64.
pub const HUGE_PAGE_ALIGN_BYTES: usize = 2 << 20;

/// Bytes of pages that are kept for the next buffer: the columns of a large file, or of all windows
/// of a larger one.
pub const RECYCLED_BYTES_MAX: usize = 1 << 30;

/// The part of the memory that the process may take of which they are at most: one in so many.
pub const RECYCLED_MEMORY_SHARE: u64 = 8;

/// Pieces that such pages are kept in: the system bounds a process's mappings (65,530 on Linux).
pub const RECYCLED_PIECES_MAX: usize = 1_024;

/// Nesting of JSON brackets in a plan document: deep enough for 400 steps or operands in a chain.
pub const DOCUMENT_DEPTH_MAX: usize = 2_000;

/// Stack of the threads that parse, resolve and explain documents: a nest of `DOCUMENT_DEPTH_MAX`
/// brackets needs less than a quarter of it, also without optimization. Only touched pages count.
pub const DEEP_STACK_BYTES: usize = 64 << 20;

/// Levels of steps or of operands within each other.
pub const PLAN_DEPTH_MAX: usize = 1_000;

/// Operands in a chain of text (`a + b + c`), and brackets within each other.
pub const TEXT_EXPRESSION_DEPTH_MAX: usize = 400;

/// Brackets and sub-queries within each other in a text.
pub const TEXT_NESTING_MAX: usize = 100;

/// Size of a text expression or statement, in bytes.
pub const TEXT_BYTES_MAX: usize = 1 << 20;

/// Words and signs of a text.
pub const TEXT_TOKENS_MAX: usize = 50_000;

/// Steps that one statement may grow into: a table of `with` is copied wherever it is named.
pub const TEXT_NODES_MAX: usize = 10_000;

/// Size of a plan document, in bytes.
pub const DOCUMENT_BYTES_MAX: usize = 64 << 20;

/// Columns of one table.
pub const COLUMNS_MAX: usize = 65_535;

/// Worker threads of one operation.
pub const THREADS_MAX: usize = 256;

/// Bytes that a file sink gathers before it writes: system calls stop to matter from here on.
pub const SINK_BUFFER_BYTES: usize = 256 << 10;

/// Full buffers of a file sink that wait to be written.
pub const SINK_BUFFERS_MAX: usize = 16;

/// Bytes of a file after which the disk is asked to begin with them.
pub const SINK_WRITEBACK_BYTES: u64 = 8 << 20;

/// Temporary names tried beside one target: more writers of one file at a time are a mistake.
pub const TEMPORARY_NAMES_MAX: u32 = 1_000;

/// Largest allocation that small results share: large enough for huge pages, small enough that one
/// surviving result does not hold much else alive.
pub const ARENA_SEGMENT_BYTES_MAX: usize = 16 << 20;

/// Bytes of a CSV file that a worker takes at a time: thousands of rows, so that what each unit
/// costs does not show, and small enough that two passes over it stay in the caches.
pub const CSV_UNIT_BYTES: usize = 1 << 20;

/// Smallest unit of a CSV file that is worth a worker's turn.
pub const CSV_UNIT_BYTES_MIN: usize = 64 << 10;

/// Bytes of a CSV file whose fields are converted column by column: these, their positions and the
/// values stay in L2.
pub const CSV_GROUP_BYTES: usize = 64 << 10;

/// Bytes of a CSV file from which a question reads it in windows where it need not hold its rows:
/// below it, the columns fit in memory that nobody misses.
pub const CSV_STREAM_BYTES_MIN: u64 = 256 << 20;

/// Memory that the columns of a CSV file may take, as a multiple of the file: short numbers grow to
/// 8 bytes. A smaller file too is read in windows when less memory is left.
pub const CSV_STREAM_MEMORY_FACTOR: u64 = 3;

/// Bytes of a CSV file that are read at a time when its rows need not be held: tens of units, so
/// that all workers have some, and small beside any memory.
pub const CSV_WINDOW_BYTES: usize = 32 << 20;

/// Bytes of a CSV file that are read for its types before a question is resolved.
pub const CSV_SAMPLE_BYTES: usize = 4 << 20;

/// Rows that units of a CSV file, and so its HyperBlocks, are cut at: validity bits start on 64
/// bytes.
pub const CSV_ROWS_ALIGN: usize = 512;

/// Distinct values up to which a text column becomes a dictionary by itself: their table stays in
/// the caches.
pub const CSV_DICTIONARY_VALUES_MAX: usize = 1 << 16;

/// Rows for each distinct value from which on a text column becomes a dictionary by itself.
pub const CSV_DICTIONARY_ROWS_MIN: usize = 8;

/// Bytes of `CSV_ROWS_ALIGN` consecutive records: positions are 32 bits, and so are text offsets.
pub const CSV_RECORDS_BYTES_MAX: usize = i32::MAX as usize;

/// Bytes of one CSV record unless the caller says otherwise: far beyond any record that is meant,
/// and little enough to hold.
pub const CSV_RECORD_BYTES_DEFAULT: u64 = 64 << 20;

/// Records of one CSV file that the quarantine keeps: so many are no longer exceptions.
pub const CSV_QUARANTINE_ROWS_MAX: usize = 1 << 20;

/// Bytes of text that the quarantine of one CSV file keeps.
pub const CSV_QUARANTINE_BYTES_MAX: usize = 256 << 20;

/// Bytes of one record that the quarantine keeps: enough to know it by.
pub const CSV_QUARANTINE_RECORD_BYTES_MAX: usize = 64 << 10;

/// Bytes of values that steps hold at a time for their workers, beside what they must hold.
pub const WAVE_BYTES_MAX: usize = 64 << 20;

/// Rows of a `.prdx` row group at least: below it, validity would not fill the 64 bytes on which
/// the next one starts. Reached only where rows hold more than 32 KiB of text each.
pub const PRDX_GROUP_ROWS_MIN: usize = 512;

/// Bytes of text that the `.prdx` writer takes at a time: a cancel is seen between two of them.
pub const PRDX_STEP_BYTES: usize = 1 << 20;

/// Rows that a sort orders or a join looks up: positions are 32 bits.
pub const TABLE_ROWS_MAX: usize = 1 << 31;

/// Groups of an aggregate, distinct values of a key: numbered like rows.
pub const GROUPS_MAX: usize = 1 << 31;

/// Rows that a join gives: beyond it a key is missing rather than a machine large enough.
pub const JOIN_ROWS_MAX: u64 = 1 << 32;

/// Bytes that a spool keeps in memory: more go to a file, which the system may drop from memory.
/// Most uploads and compressed files stay below.
pub const SPOOL_MEMORY_BYTES_MAX: usize = 64 << 20;

/// Bytes that a spool gathers before it writes to its file.
pub const SPOOL_BUFFER_BYTES: usize = 1 << 20;

/// Bytes that a compressor packs apart from others: enough that their start costs little, few
/// enough for every worker to have some.
pub const COMPRESS_PIECE_BYTES: usize = 1 << 20;

/// Bytes that are decompressed between two looks at whether to stop; a step takes a millisecond.
pub const DECOMPRESS_STEP_BYTES: usize = 256 << 10;

/// How often compressed bytes may multiply: tables reach 20, one repeated record a few hundred,
/// and what is made to fill disks starts at 1,000.
pub const DECOMPRESSED_RATIO_MAX: u64 = 500;

/// Decompressed bytes that are free of that bound: no machine minds so few.
pub const DECOMPRESSED_FREE_BYTES: u64 = 256 << 20;

/// Memory that zstd data may ask its reader to keep: what `zstd` itself grants unless told more.
pub const ZSTD_WINDOW_BYTES_MAX: u64 = 128 << 20;

/// Bytes that are decoded to UTF-8 at a time: they and their text stay in L2.
pub const DECODE_STEP_BYTES: usize = 64 << 10;

/// Files that one pattern may match.
pub const GLOB_FILES_MAX: usize = 100_000;

/// Bytes of text that `repeat` and the pads give for one batch: a whole block of such batches is
/// about the text of one array, and memory is written in a tenth of a second.
pub const GROWN_TEXT_BYTES_MAX: usize = 256 << 20;

/// Bytes of a text whose likeness to another is computed: the work is the product of both.
pub const SIMILAR_BYTES_MAX: usize = 10_000;

/// Bytes of a regular expression as written.
pub const REGEX_PATTERN_BYTES_MAX: usize = 64 << 10;

/// Groups of a regular expression within each other.
pub const REGEX_NEST_MAX: u32 = 100;

/// Bytes of a compiled regular expression: in the worst case each byte of text costs a step for
/// each of its states.
pub const REGEX_PROGRAM_BYTES_MAX: usize = 4 << 20;

/// Bytes of what a running regular expression remembers of its states, for each thread.
pub const REGEX_CACHE_BYTES_MAX: usize = 4 << 20;

/// Literals that are looked for all at once: an expression of more is left to the expression.
pub const REGEX_SET_MAX: usize = 1_000;

/// Steps of a JSON pointer: the reader of JSON goes 128 brackets deep.
pub const JSON_POINTER_STEPS_MAX: usize = 100;
