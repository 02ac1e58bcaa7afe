package org.centerloss.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
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
            "Verify every operation and whole-network gradients of a device against the float64"
                    + " reference; the reference against finite differences; or either against"
                    + " golden files.",
            "Exits with 1 if any row says FAIL."
        },
        footer = {
            "",
            "Examples:",
            "  centerloss verify --device cpu",
            "  centerloss verify --device reference --golden results/*.safetensors"
        })
final class VerifyCommand implements Callable<Integer> {
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

    private int passed;
    private int failed;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        long start = System.nanoTime();
        try (Device device = deviceOptions.open()) {
            out.printf("device %s: %s%n", device.name(), device.description());
            out.printf(
                    "%-28s %-36s %-28s %9s %9s %9s %9s%n",
                    "what", "shape", "result", "max abs", "max rel", "rel L2", "tolerance");
            if (golden != null) {
                golden.forEach(file -> Golden.run(device, file, row -> print(out, row)));
            } else {
                out.printf("seed %d%n", seed);
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
        out.printf(
                Locale.ROOT,
                "%-28s %-36s %-28s %9.1e %9.1e %9.1e %9s %s%s%n",
                row.op(),
                row.shape(),
                row.quantity(),
                row.maxAbs(),
                row.maxRel(),
                row.relativeL2(),
                held ? "%.1e".formatted(row.tolerance()) : "not held",
                !row.pass() ? "FAIL" : held ? "PASS" : "shown",
                row.detail().isEmpty() ? "" : "  " + row.detail());
        out.flush();
    }
}
