package org.centerloss.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.centerloss.Columns;
import org.centerloss.Columns.Column;
import org.centerloss.device.Device;
import org.centerloss.verify.Golden;
import org.centerloss.verify.Row;
import org.centerloss.verify.Verification;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Verifies a device. */
@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Compare what a device computes with the float64 reference.",
            "",
            "That is every operation and the gradients of whole networks. The reference itself is"
                    + " compared with finite differences, and either device with golden files.",
            "Exits with 1 if any row says FAIL."
        },
        footer = {
            "",
            "Examples:",
            "  centerloss verify --device cpu",
            "  centerloss verify --device reference --golden results/*.safetensors"
        })
final class VerifyCommand implements Callable<Integer> {
    /** What was computed stands on a line of its own above its results. */
    private static final Columns TABLE =
            Columns.fitting(
                    Integer.MAX_VALUE,
                    List.of(
                            Column.name("what, shape: result", 30),
                            Column.number("max abs", 7),
                            Column.number("max rel", 7),
                            Column.number("rel L2", 7),
                            Column.number("tolerance", 9),
                            Column.name("", 5),
                            Column.name("", 0)),
                    List.of());

    @Spec private CommandSpec spec;
    @Mixin private DeviceOptions deviceOptions;

    @Option(
            names = "--golden",
            arity = "1..*",
            paramLabel = "FILE",
            description = "Check results that the reference implementation recorded instead.")
    private List<Path> golden;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "0",
            description = "Seed of the random inputs; a failing row is replayed with its seed.")
    private long seed;

    @Option(names = "--failures", description = "Show only rows that fail.")
    private boolean onlyFailures;

    private String lastSubject;
    private int passed;
    private int failed;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        long start = System.nanoTime();
        try (Device device = deviceOptions.open()) {
            out.printf("device %s: %s%n", device.name(), device.description());
            if (golden == null) {
                out.printf("seed %d%n", seed);
            }
            out.println(TABLE.head());
            if (golden != null) {
                golden.forEach(file -> Golden.run(device, file, row -> print(out, row)));
            } else {
                Verification.run(device, seed, row -> print(out, row));
            }
        }
        out.printf(
                Locale.ROOT,
                "%d passed, %d failed, %.0f s%n",
                passed,
                failed,
                (System.nanoTime() - start) / 1e9);
        return failed == 0 ? Main.SUCCESS : Main.FAILURE;
    }

    private void print(PrintWriter out, Row row) {
        boolean held = !Double.isInfinite(row.tolerance());
        if (!row.pass()) {
            failed++;
        } else if (held) {
            passed++;
        }
        if (row.pass() && onlyFailures) {
            return;
        }
        String subject = row.op() + ", " + row.shape();
        if (!subject.equals(lastSubject)) {
            out.println(subject);
            lastSubject = subject;
        }
        out.println(
                TABLE.line(
                        List.of(
                                "  " + row.quantity(),
                                error(row.maxAbs()),
                                error(row.maxRel()),
                                error(row.relativeL2()),
                                held ? error(row.tolerance()) : "not held",
                                !row.pass() ? "FAIL" : held ? "PASS" : "shown",
                                row.detail())));
        out.flush();
    }

    private static String error(double value) {
        return String.format(Locale.ROOT, "%.1e", value);
    }
}
