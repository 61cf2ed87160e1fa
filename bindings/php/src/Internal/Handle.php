<?php

// One handle of the library: given back once, by `close` or, as a safety net, by the destructor.
// It cannot be cloned or serialised, since two owners would give the same handle back twice.

declare(strict_types=1);

namespace Pardox\Internal;

use Pardox\Exception\PardoxException;

/** @internal */
final class Handle
{
    /** @var array<int, Native> The open handles of this request: see releaseAfterFatalError. */
    private static array $open = [];

    private bool $isOpen = true;

    /** Takes over a handle that the library has just made. */
    public function __construct(public readonly Native $native, private readonly int $value)
    {
        self::$open[$value] = $native;
        $native->pending = null;
    }

    /** The number; after `close` the library itself says that it was released. */
    public function value(): int
    {
        return $this->value;
    }

    public function isOpen(): bool
    {
        return $this->isOpen;
    }

    /** Gives the handle back; a second call does nothing. */
    public function close(): void
    {
        if ($this->isOpen) {
            $this->isOpen = false;
            $this->native->release($this->value);
            unset(self::$open[$this->value]);
        }
    }

    /** The content of a bytes handle, which is given back. */
    public function text(): string
    {
        try {
            [$data, $length] = $this->native->bytesView($this->value);
            return $length === 0 ? '' : \FFI::string($data, $length);
        } finally {
            $this->close();
        }
    }

    public function __destruct()
    {
        try {
            $this->close();
        } catch (PardoxException) {
            // A destructor must not throw, and there is nobody left who could use the handle.
        }
    }

    private function __clone()
    {
    }

    public function __serialize(): array
    {
        throw Failure::argument('expected data to serialise, found a native handle');
    }

    /**
     * PHP runs no destructors after a fatal error such as a time limit. A worker of PHP-FPM lives
     * on, so what the request still held is given back here, also a handle that C had written and
     * no Handle had taken over.
     */
    public static function releaseAfterFatalError(Native $native): void
    {
        register_shutdown_function(static function () use ($native): void {
            $fatal = E_ERROR | E_CORE_ERROR | E_COMPILE_ERROR | E_USER_ERROR;
            if (((error_get_last()['type'] ?? 0) & $fatal) === 0) {
                return;
            }
            $pending = $native->pending === null ? 0 : $native->pending[0];
            foreach (array_keys(self::$open + [$pending => $native]) as $value) {
                try {
                    $native->release($value);
                } catch (PardoxException) {
                    // The error came between its release and the line that notes it.
                }
            }
            self::$open = [];
        });
    }
}
