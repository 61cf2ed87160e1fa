<?php

declare(strict_types=1);

namespace Pardox\Exception;

/** The parts of an error; null where a part is not known. */
final class ErrorDetails
{
    /**
     * @internal Made by the binding.
     *
     * @param ?string $file Path of the file that was read or written, as it was given.
     * @param ?string $column Name of the column.
     * @param ?int $record Record of the file or row of the table, counting from 1.
     * @param ?int $line Physical line of the file, counting from 1.
     * @param ?int $byteOffset Offset from the start of the file.
     * @param ?string $expected What was expected, where the error is a mismatch.
     * @param ?string $found What was found, where the error is a mismatch.
     * @param ?string $hint What to try.
     */
    public function __construct(
        public readonly ?string $file = null,
        public readonly ?string $column = null,
        public readonly ?int $record = null,
        public readonly ?int $line = null,
        public readonly ?int $byteOffset = null,
        public readonly ?string $expected = null,
        public readonly ?string $found = null,
        public readonly ?string $hint = null,
    ) {
    }
}
