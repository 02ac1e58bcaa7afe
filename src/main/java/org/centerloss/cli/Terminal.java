package org.centerloss.cli;

import com.sun.jna.Function;
import com.sun.jna.Memory;
import com.sun.jna.NativeLong;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import org.centerloss.base.Columns;
import org.centerloss.base.Output;
import org.centerloss.device.CLibrary;
import org.centerloss.device.DeviceException;
import picocli.CommandLine;

/** Where people read what a command has to say, and how much they see at once. */
public final class Terminal {
    private static final int STANDARD_OUTPUT = 1;
    private static final int STANDARD_ERROR = 2;
    private static final int USUAL_WIDTH = 80;

    /** Linux's request for {@code struct winsize}: four 16-bit numbers, rows and columns first. */
    private static final long WINDOW_SIZE = 0x5413;

    private Terminal() {}

    /** Standard output, or standard error where the former is one of the files that are written. */
    public static PrintWriter printer(CommandLine command, Collection<Path> files) {
        return files.stream().anyMatch(Output::isStandard) ? command.getErr() : command.getOut();
    }

    /** Whether standard error is a terminal, so that a line can be redrawn. */
    public static boolean isInteractive() {
        try {
            return CLibrary.function("isatty").invokeInt(new Object[] {STANDARD_ERROR}) == 1;
        } catch (DeviceException e) {
            return false;
        }
    }

    /** How many characters fit into a line of standard output; 80 where it is no terminal. */
    public static int width() {
        return width(System.getenv());
    }

    /** {@code COLUMNS} goes before the terminal's own width. */
    public static int width(Map<String, String> environment) {
        String columns = environment.getOrDefault("COLUMNS", "");
        if (columns.matches("[1-9][0-9]{0,4}")) {
            return Integer.parseInt(columns);
        }
        int width = windowWidth();
        return width > 0 ? width : USUAL_WIDTH;
    }

    /** 0 where standard output is no terminal, or one that does not know. */
    private static int windowWidth() {
        try {
            Function ioctl = CLibrary.function("ioctl");
            try (Memory size = new Memory(8)) {
                size.clear();
                Object[] arguments = {STANDARD_OUTPUT, new NativeLong(WINDOW_SIZE), size};
                boolean known = ioctl.invokeInt(arguments) == 0;
                return known ? Short.toUnsignedInt(size.getShort(2)) : 0;
            }
        } catch (DeviceException e) {
            return 0;
        }
    }

    /**
     * A text broken at blanks into lines that fit.
     *
     * @param indent how many blanks all lines but the first begin with
     */
    public static String wrapped(String text, int width, int indent) {
        StringBuilder lines = new StringBuilder();
        int room = width;
        String between = "";
        for (String word : text.split(" ")) {
            int needed = between.length() + Columns.width(word);
            if (needed > room && !between.isEmpty()) {
                between = "\n" + " ".repeat(indent);
                room = width;
                needed = indent + Columns.width(word);
            }
            lines.append(between).append(word);
            room -= needed;
            between = " ";
        }
        return lines.toString();
    }
}
