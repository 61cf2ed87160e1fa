<?php

// Bytes of PHP as a source of CSV text: in a plan, the feed that they are written to.
//
//   resource, list of strings --> pieces --> pardox_feed_write --> {"feed": position}
//
// A write copies, to memory and then to a temporary file, so the next piece is read when the last
// one is put away.

declare(strict_types=1);

namespace Pardox\Internal;

use Pardox\ErrorKind;

/** @internal */
final class Feed
{
    /** Bytes that are read and written at once. */
    private const PIECE_BYTES = 1 << 20;

    private bool $isRead = false;

    /** @param resource|string|iterable<string> $source */
    public function __construct(private readonly mixed $source)
    {
        $isOpen = is_resource($source) && get_resource_type($source) === 'stream';
        if (!$isOpen && !is_string($source) && !is_iterable($source)) {
            $found = is_resource($source) ? 'another resource' : get_debug_type($source);
            throw Failure::argument("expected an open stream or bytes, found {$found}");
        }
    }

    /** A finished feed with all bytes; what the stream throws is thrown on. */
    public function fill(Native $native): Handle
    {
        if ($this->isRead) {
            throw Failure::argument('the stream was read before; it can be read once');
        }
        $this->isRead = !is_string($this->source) && !is_array($this->source);
        $feed = new Handle($native, $native->feedOpen('{"name":"stream"}'));
        foreach ($this->pieces() as $piece) {
            if (!is_string($piece)) {
                $found = get_debug_type($piece);
                throw Failure::argument("expected texts of bytes from the stream, found {$found}");
            }
            foreach (self::parts($piece) as $part) {
                $native->feedWrite($feed->value(), $part);
            }
        }
        $native->feedFinish($feed->value());
        return $feed;
    }

    /** @return iterable<mixed> */
    private function pieces(): iterable
    {
        if (is_resource($this->source)) {
            return self::read($this->source);
        }
        if (is_object($this->source) || is_array($this->source)) {
            return $this->source;
        }
        return is_string($this->source) ? [$this->source] : self::closed();
    }

    /**
     * @param resource $stream
     * @return \Generator<int, string>
     */
    private static function read(mixed $stream): \Generator
    {
        while (!feof($stream)) {
            $piece = fread($stream, self::PIECE_BYTES);
            if ($piece === false || ($piece === '' && !feof($stream))) {
                $isLate = stream_get_meta_data($stream)['timed_out'] ?? false;
                $reason = $isLate ? 'its time is up' : 'it gives nothing and is not at its end';
                throw Failure::make(ErrorKind::Io, "the stream could not be read: {$reason}");
            }
            yield $piece;
        }
    }

    private static function closed(): never
    {
        throw Failure::argument('the stream was closed');
    }

    /** @return \Generator<int, string> */
    private static function parts(string $piece): \Generator
    {
        for ($at = 0; $at < strlen($piece); $at += self::PIECE_BYTES) {
            yield $at === 0 && strlen($piece) <= self::PIECE_BYTES
                ? $piece
                : substr($piece, $at, self::PIECE_BYTES);
        }
    }
}
