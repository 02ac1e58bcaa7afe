package org.centerloss.cli;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.centerloss.InputException;

/**
 * Runs the program again in processes of its own. Two runs of the same program differ by more than
 * one of them shows: the just-in-time compiler decides anew, memory lies elsewhere, other work on
 * the machine comes and goes.
 *
 * @param arguments the command line
 */
record FurtherProcesses(List<String> arguments) {
    /** Runs it with more arguments until it ends; what it prints is dropped, but for errors. */
    void run(List<String> more) {
        List<String> command = new ArrayList<>();
        command.add(String.join(File.separator, System.getProperty("java.home"), "bin", "java"));
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.add(Main.class.getName());
        command.addAll(arguments);
        command.addAll(more);
        try {
            Process process =
                    new ProcessBuilder(command)
                            .redirectOutput(Redirect.DISCARD)
                            .redirectError(Redirect.INHERIT)
                            .start();
            Thread end = new Thread(process::destroy);
            Runtime.getRuntime().addShutdownHook(end);
            int code = process.waitFor();
            Runtime.getRuntime().removeShutdownHook(end);
            if (code != Main.SUCCESS) {
                throw new InputException(
                        "a further process ended with exit code %d, expected 0; --processes 1 does without"
                                .formatted(code));
            }
        } catch (IOException e) {
            throw new InputException(
                    "a further process cannot be started: %s; --processes 1 does without"
                            .formatted(e.getMessage()),
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InputException("interrupted", e);
        }
    }

    /** An empty file for what a process has to say, gone when the program ends. */
    static Path temporaryFile() {
        try {
            Path file = Files.createTempFile("centerloss", ".json");
            file.toFile().deleteOnExit();
            return file;
        } catch (IOException e) {
            throw new InputException("no temporary file can be made: " + e.getMessage(), e);
        }
    }
}
