package org.centerloss.cli.command;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.centerloss.base.Columns;
import org.centerloss.base.Columns.Column;
import org.centerloss.baseline.Variant;
import org.centerloss.cli.Main;
import org.centerloss.cli.option.DeviceOptions;
import org.centerloss.cli.option.TrainOptions;
import org.centerloss.cli.option.VariantNames;
import org.centerloss.device.Device;
import org.centerloss.devices.Devices;
import org.centerloss.loss.Objectives;
import org.centerloss.verify.Golden;
import org.centerloss.verify.ResultRow;
import org.centerloss.verify.Verification;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
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
            "  centerloss verify --device cuda --op center-loss,sgd --loss standalone",
            "  centerloss verify --device cpu --variant composed --op center-loss",
            "  centerloss verify --device reference --golden results/*.safetensors"
        })
public final class VerifyCommand implements Callable<Integer> {
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

    @Option(
            names = "--op",
            split = ",",
            paramLabel = "OPERATION",
            completionCandidates = OperationNames.class,
            description =
                    "Only these operations, and no networks but those of --loss:"
                            + " ${COMPLETION-CANDIDATES}. Default: all.")
    private List<String> operations;

    @Option(
            names = "--loss",
            split = ",",
            paramLabel = "LOSS",
            completionCandidates = TrainOptions.ObjectiveNames.class,
            description =
                    "Only whole networks with these losses, and no operations but those of --op:"
                            + " ${COMPLETION-CANDIDATES}. Default: all.")
    private List<String> losses;

    @Option(
            names = "--variant",
            paramLabel = "VARIANT",
            defaultValue = "fused",
            completionCandidates = VariantNames.class,
            description =
                    "The way in which center loss, pairwise repulsion, center update and nearest"
                            + " center are computed: ${COMPLETION-CANDIDATES}. Default:"
                            + " ${DEFAULT-VALUE}. Where composed is known to lose digits, a row that"
                            + " does not pass says LOST and is no failure.")
    private String variant;

    @Option(names = "--failures", description = "Show only rows that fail.")
    private boolean onlyFailures;

    /** For help and completion. */
    static final class OperationNames extends ArrayList<String> {
        private static final long serialVersionUID = 1L;

        OperationNames() {
            super(Verification.operations());
        }
    }

    private String lastSubject;
    private int passed;
    private int failed;
    private int lost;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        long start = System.nanoTime();
        List<String> chosenOperations = chosen("--op", operations, Verification.operations());
        List<String> chosenLosses = chosen("--loss", losses, Objectives.keys());
        Variant way = VariantNames.variant(spec, variant);
        try (Device device = deviceOptions.open()) {
            Device view = Devices.variant(device, way);
            out.printf("device %s: %s%n", view.name(), view.description());
            if (golden == null) {
                out.printf("seed %d%n", seed);
            }
            out.println(TABLE.head());
            if (golden != null) {
                golden.forEach(file -> Golden.run(view, file, row -> print(out, row)));
            } else {
                Verification.run(
                        device, way, chosenOperations, chosenLosses, seed, row -> print(out, row));
            }
        }
        out.printf(
                Locale.ROOT,
                "%d passed, %d failed, %s%.0f s%n",
                passed,
                failed,
                lost == 0 ? "" : lost + " lost digits as this variant does, ",
                (System.nanoTime() - start) / 1e9);
        return failed == 0 ? Main.SUCCESS : Main.FAILURE;
    }

    /** What was asked for; all where nothing was asked for, and none where only the other was. */
    private List<String> chosen(String option, List<String> names, List<String> all) {
        if (names == null) {
            return operations == null && losses == null ? all : List.of();
        }
        if (golden != null) {
            throw new ParameterException(
                    spec.commandLine(),
                    option + ": cannot be given with --golden, which checks whole files");
        }
        names.forEach(name -> TrainOptions.requireName(spec, option, name, all));
        return names;
    }

    private void print(PrintWriter out, ResultRow row) {
        boolean held = !Double.isInfinite(row.tolerance());
        if (row.failed()) {
            failed++;
        } else if (!row.pass()) {
            lost++;
        } else if (held) {
            passed++;
        }
        if (!row.failed() && onlyFailures) {
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
                                row.failed()
                                        ? "FAIL"
                                        : !row.pass() ? "LOST" : held ? "PASS" : "shown",
                                row.failed() ? row.detail() : "")));
        out.flush();
    }

    private static String error(double value) {
        return String.format(Locale.ROOT, "%.1e", value);
    }
}
