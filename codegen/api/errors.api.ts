// Every kind of error, once: the numbers are the status codes of the C interface and never change.
// A binding raises its own class for each group; callers branch on kinds and fields, not on text.

/**
 * What went wrong.
 *
 * Every error has its kind, a message that says what was expected, found and what to try, and,
 * where they are known, file, column, record, line and byte offset.
 */
export enum ErrorKind {
  /** An argument is outside what the function takes. */
  InvalidArgument = 1,
  /** The handle is zero, foreign or of another kind. */
  InvalidHandle = 2,
  /** The object was closed before. */
  ReleasedHandle = 3,
  /** The object is in use by another thread. */
  Busy = 4,
  /** The work was cancelled by its caller. */
  Cancelled = 5,
  /** The process is a fork of the one that loaded the library. */
  Forked = 6,
  /** The library was shut down. */
  ShutDown = 7,
  /** A broken invariant of the engine; a defect to report. */
  Internal = 8,
  /** What was asked for is not in this version. */
  Unsupported = 9,
  /** The file or directory does not exist. */
  NotFound = 20,
  /** The operating system refuses access. */
  PermissionDenied = 21,
  /** A file was expected and the path is a directory. */
  IsDirectory = 22,
  /** No space is left where the bytes should go. */
  DiskFull = 23,
  /** The file changed or shrank while it was open. */
  FileChanged = 24,
  /** Any other failure of the operating system. */
  Io = 25,
  /** A bound of the engine is exceeded (rows, bytes, depth, memory). */
  LimitExceeded = 26,
  /** The input holds no bytes where a table was expected. */
  EmptyInput = 40,
  /** Bytes are not valid UTF-8. */
  InvalidUtf8 = 41,
  /** A record has too few or too many fields. */
  FieldCount = 42,
  /** A quoted field has no closing quote. */
  UnterminatedQuote = 43,
  /** A quote stands where none may. */
  StrayQuote = 44,
  /** A value does not fit the type that the schema asks for. */
  BadValue = 45,
  /** A column name occurs twice. */
  DuplicateColumn = 46,
  /** The bytes of a file do not follow its format, or a checksum differs. */
  CorruptFile = 47,
  /** The file or document was made for a newer version. */
  UnsupportedVersion = 48,
  /** An option is unknown or its value is not allowed. */
  InvalidOption = 60,
  /** The plan document does not follow its schema. */
  InvalidPlan = 61,
  /** Text could not be parsed. */
  Syntax = 62,
  /** No column has this name. */
  UnknownColumn = 63,
  /** No table has this name. */
  UnknownTable = 64,
  /** No function has this name. */
  UnknownFunction = 65,
  /** A parameter is used but not given, or given but not used. */
  Parameter = 66,
  /** The types of the operands do not go together. */
  TypeMismatch = 67,
  /** A result is outside the range of its type. */
  Overflow = 80,
  /** A whole number is divided by zero. */
  DivisionByZero = 81,
  /** A value cannot be converted to the type asked for. */
  BadCast = 82,
}
