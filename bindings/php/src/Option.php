<?php

declare(strict_types=1);

namespace Pardox;

/** What stands for an option that is not given. */
enum Option
{
    /**
     * The engine's default; with `dialect: 'sniff'`, what the file itself says. A value that is
     * given wins over the file, also where it equals the default.
     */
    case Default;
}
