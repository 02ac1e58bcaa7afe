package org.centerloss.cli.command;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.ProcessBuilder.Redirect;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.centerloss.base.InputException;
import org.centerloss.base.ShutdownHook;
import org.centerloss.bench.kernel.KernelComparison;
import org.centerloss.bench.kernel.KernelFiles;
import org.centerloss.bench.kernel.KernelRow;
import org.centerloss.cli.Main;
import org.centerloss.device.instrument.Peaks;

/**
 * Times kernels in processes of their own. Two runs of the same program differ by more than one of
 * them shows: the just-in-time compiler decides anew, memory lies elsewhere, other work on the
 * machine comes and goes.
 *
 * @param arguments the command line of {@code bench kernels}
 * @param count how many processes time each row, this one included
 * @param err told what is being done
 */
record FurtherProcesses(List<String> arguments, int count, PrintWriter err) {
    /** The rows of this process with the times of the others. */
    List<KernelRow> merged(List<KernelRow> rows) {
        List<KernelComparison> others = new ArrayList<>();
        for (int i = 2; i <= count; i++) {
            err.printf("process %d of %d%n", i, count);
            others.add(time());
        }
        return KernelComparison.merge(rows, others);
    }

    /**
     * Times what seems to have changed once more, in as many processes: a phase in which the
     * machine is slow may last longer than the first ones did. What stays is a change.
     */
    List<KernelRow> confirmed(List<KernelRow> rows, KernelComparison earlier, Peaks peaks) {
        List<KernelRow> changed = earlier.changed(rows);
        if (changed.isEmpty()) {
            return rows;
        }
        err.printf("timing again what seems to have changed: %d rows%n", changed.size());
        Path shapes = temporaryFile();
        KernelFiles.writeJson(shapes, Map.of(), changed, peaks);
        List<KernelComparison> again = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            again.add(time("--shapes-of", shapes.toString()));
        }
        return KernelComparison.merge(rows, again);
    }

    /** The times of one process. */
    private KernelComparison time(String... more) {
        Path file = temporaryFile();
        List<String> command = new ArrayList<>();
        command.add(String.join(File.separator, System.getProperty("java.home"), "bin", "java"));
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.add(Main.class.getName());
        command.addAll(arguments);
        command.addAll(List.of("--times-only", file.toString()));
        command.addAll(List.of(more));
        run(command);
        return KernelComparison.read(file);
    }

    @SuppressWarnings("try") // the hook is there while the process runs, and asked nothing
    private static void run(List<String> command) {
        try {
            Process process =
                    new ProcessBuilder(command)
                            .redirectOutput(Redirect.DISCARD)
                            .redirectError(Redirect.INHERIT)
                            .start();
            int code;
            try (ShutdownHook end = new ShutdownHook(process::destroy)) {
                code = process.waitFor();
            }
            if (code == Main.INTERRUPTED || ShutdownHook.hasBegun()) {
                throw new InputException("interrupted");
            }
            if (code != Main.SUCCESS) {
                throw new InputException(
                        "a further process ended with exit code %d, expected 0; --processes 1 does without"
                                .formatted(code));
            }
        } catch (IOException e) {
            throw new InputException(
                    "a further process cannot be started: %s; --processes 1 does without"
                            .formatted(InputException.reason(e)),
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InputException("interrupted", e);
        }
    }

    /** An empty file for what a process has to say, gone when the program ends. */
    private static Path temporaryFile() {
        try {
            Path file = Files.createTempFile("centerloss", ".json");
            new ShutdownHook(() -> file.toFile().delete());
            return file;
        } catch (IOException e) {
            throw new InputException(
                    "no temporary file can be made: " + InputException.reason(e), e);
        }
    }
}
