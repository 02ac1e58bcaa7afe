package org.centerloss.cli;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.stream.Collectors;
import org.centerloss.base.Printable;

/**
 * Where lines for people go. Foreign text in them is made {@link Printable}: what stands in the
 * places of a format, line ends included; of a whole text all but its line ends. A message, which
 * begins with the program's name, is one line of limited length.
 */
final class Console extends PrintWriter {
    private static final String MESSAGE = "centerloss: ";

    Console(PrintWriter to) {
        super(to, true);
    }

    @Override
    public void println(String text) {
        super.println(
                text.startsWith(MESSAGE)
                        ? Printable.message(text)
                        : text.lines()
                                .map(Printable::of)
                                .collect(Collectors.joining(System.lineSeparator())));
    }

    @Override
    public void println(Object foreign) {
        println(Printable.of(foreign));
    }

    @Override
    public PrintWriter format(String format, Object... values) {
        return format(Locale.ROOT, format, values);
    }

    @Override
    public PrintWriter format(Locale locale, String format, Object... values) {
        String text = String.format(locale, format, Printable.all(values));
        if (text.startsWith(MESSAGE) && text.endsWith(System.lineSeparator())) {
            println(text.stripTrailing());
        } else {
            print(text);
            flush();
        }
        return this;
    }
}
