package org.centerloss.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Collection;
import org.centerloss.device.CLibrary;
import org.centerloss.device.DeviceException;
import org.centerloss.train.Output;
import picocli.CommandLine;

/** Where people read what a command has to say. */
final class Terminal {
    private static final int STANDARD_ERROR = 2;

    private Terminal() {}

    /** Standard output, or standard error where the former is one of the files that are written. */
    static PrintWriter printer(CommandLine command, Collection<Path> files) {
        return files.stream().anyMatch(Output::isStandard) ? command.getErr() : command.getOut();
    }

    /** Whether standard error is a terminal, so that a line can be redrawn. */
    static boolean isInteractive() {
        try {
            return CLibrary.function("isatty").invokeInt(new Object[] {STANDARD_ERROR}) == 1;
        } catch (DeviceException e) {
            return false;
        }
    }
}
