package org.centerloss.cli.command;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.centerloss.base.Output;
import org.centerloss.bench.kernel.KernelBenchmark;
import org.centerloss.bench.kernel.KernelComparison;
import org.centerloss.bench.kernel.KernelFiles;
import org.centerloss.bench.kernel.KernelPictures;
import org.centerloss.bench.kernel.KernelRow;
import org.centerloss.bench.kernel.KernelTable;
import org.centerloss.cli.Main;
import org.centerloss.cli.Terminal;
import org.centerloss.cli.Version;
import org.centerloss.cli.option.DeviceOptions;
import org.centerloss.cli.option.KernelOptions;
import org.centerloss.cli.option.TimingOptions;
import org.centerloss.device.Device;
import org.centerloss.device.instrument.Peaks;
import org.centerloss.devices.Devices;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Compares variants of the losses' operations. */
@Command(
        name = "kernels",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Compare the speed of several ways of computing the losses' operations.",
            "",
            "The operations are center loss, pairwise repulsion (log-inter), center update and"
                    + " nearest center, the ways fused (what training runs), composed (a library's"
                    + " matrix products and element-wise passes) and naive (the formula as it"
                    + " stands).",
            "Each is held against the float64 reference, then timed in turn with the others."
                    + " Exits with 1 if any row says FAIL."
        },
        footer = {
            "",
            "GB/s and GFLOP/s count what the operation cannot do without, and are set beside the"
                    + " copy bandwidth and multiply-add rate measured at the start (of GB, of GF).",
            "memory: beside arguments and results. runs: kernels, copies and fills. error:"
                    + " ‖a − r‖ / ‖r‖.",
            "",
            "Examples:",
            "  centerloss bench kernels --device cpu --plot pictures",
            "  centerloss bench kernels --op center-update --batch 128..4096 --feat-dim 2",
            "  centerloss bench kernels --json now.json --compare before.json"
        })
final class BenchKernelsCommand implements Callable<Integer> {
    /** Of the time, for all processes but the first; they leave out what takes long. */
    private static final double FURTHER_SHARE = 0.4;

    @Spec private CommandSpec spec;
    @Mixin private DeviceOptions deviceOptions;
    @Mixin private KernelOptions kernels;
    @Mixin private TimingOptions timing;

    @Option(
            names = "--processes",
            paramLabel = "N",
            defaultValue = "0",
            description =
                    "Time each row in so many processes, one after the other, since two runs differ"
                            + " by more than one shows. Default: 5 on a CPU, 1 on a GPU.")
    private int processes;

    /** What a further process is started with: it times, checks nothing and writes this file. */
    @Option(names = "--times-only", paramLabel = "FILE", hidden = true)
    private Path timesOnly;

    /** With it a further process times the shapes of this file alone. */
    @Option(names = "--shapes-of", paramLabel = "FILE", hidden = true)
    private Path shapesOf;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "0",
            description = "Seed of the random inputs. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Option(
            names = "--csv",
            paramLabel = "FILE",
            description = "Write the rows as CSV; - is standard output.")
    private Path csv;

    @Option(
            names = "--json",
            paramLabel = "FILE",
            description =
                    "Write device, versions, settings and rows as JSON; - is standard output.")
    private Path json;

    @Option(
            names = "--plot",
            paramLabel = "FOLDER",
            description =
                    "Write pictures (PNG): time against size for each operation, and a roofline.")
    private Path plot;

    @Option(
            names = "--compare",
            paramLabel = "FILE",
            description =
                    "Set each row beside an earlier run's --json, and mark what changed by more"
                            + " than the noise of both.")
    private Path compare;

    @Override
    public Integer call() {
        KernelBenchmark.Settings settings = settings();
        try (Device device = deviceOptions.open();
                Device reference = Devices.open("reference", 0)) {
            if (device.doublePrecision()) {
                throw refusal("--device: expected cpu or cuda, which are held against reference");
            }
            if (timesOnly != null) {
                List<KernelRow> rows = new ArrayList<>();
                double share = FURTHER_SHARE / Math.max(1, processes(device) - 1);
                KernelBenchmark.Settings times = settings.withBudget(share * timing.budget());
                if (shapesOf != null) {
                    times = times.withShapes(KernelComparison.read(shapesOf).shapes());
                }
                KernelBenchmark.run(device, reference, times, rows::add);
                KernelFiles.writeJson(timesOnly, about(device), rows, device.peaks());
                return Main.SUCCESS;
            }
            return run(device, reference, settings);
        }
    }

    /** How many processes time each row; on a GPU nothing depends on a just-in-time compiler. */
    private int processes(Device device) {
        return processes > 0 ? processes : device.name().equals("cpu") ? 5 : 1;
    }

    /** Everything but the opening of devices; returns the exit code. */
    int run(Device device, Device reference, KernelBenchmark.Settings settings) {
        KernelComparison earlier = compare == null ? null : KernelComparison.read(compare);
        List<Path> outputs = Stream.of(csv, json).filter(Objects::nonNull).toList();
        Output.requireWritable(outputs);
        String description = device.name() + ": " + device.description();
        KernelPictures pictures = plot == null ? null : new KernelPictures(plot, description);
        if (pictures != null) {
            pictures.requirePossible();
        }
        PrintWriter out = Terminal.printer(spec.commandLine(), outputs);
        out.println(description);
        if (earlier != null) {
            out.printf("compared with %s%n", earlier.description());
        }
        Peaks peaks = device.peaks();
        out.printf(
                Locale.ROOT,
                "peaks measured: copy %.1f GB/s, multiply-add %.1f GFLOP/s; %s caches%n",
                peaks.bytesPerSecond() / 1e9,
                peaks.flopsPerSecond() / 1e9,
                timing.warmCache() ? "warm" : "cold");
        KernelTable table = new KernelTable(out, Terminal.width(), peaks, earlier);
        long begin = System.nanoTime();
        List<KernelRow> rows = rows(device, reference, settings, earlier, table);
        if (csv != null) {
            KernelFiles.writeCsv(csv, rows, peaks);
        }
        if (json != null) {
            KernelFiles.writeJson(json, about(device), rows, peaks);
        }
        if (pictures != null) {
            pictures.write(rows, peaks).forEach(file -> out.printf("wrote %s%n", file));
        }
        if (earlier != null) {
            out.println("compared: " + earlier.summary(rows));
        }
        long failed = count(rows, KernelRow.Status.FAIL);
        out.printf(
                Locale.ROOT,
                "%d passed, %d failed, %d skipped, %.0f s%n",
                count(rows, KernelRow.Status.PASS),
                failed,
                count(rows, KernelRow.Status.SKIPPED),
                (System.nanoTime() - begin) / 1e9);
        return failed == 0 ? Main.SUCCESS : Main.FAILURE;
    }

    /**
     * Prints the table: each row when it is done, or where several processes time it, all of them
     * at the end.
     */
    private List<KernelRow> rows(
            Device device,
            Device reference,
            KernelBenchmark.Settings settings,
            KernelComparison earlier,
            KernelTable table) {
        int count = processes(device);
        List<KernelRow> rows = new ArrayList<>();
        if (count == 1) {
            table.header();
            KernelBenchmark.run(
                    device,
                    reference,
                    settings,
                    row -> {
                        rows.add(row);
                        table.row(row);
                    });
            return rows;
        }
        PrintWriter err = spec.commandLine().getErr();
        err.printf("process 1 of %d checks and times each row%n", count);
        double share = 1 - FURTHER_SHARE;
        KernelBenchmark.run(
                device, reference, settings.withBudget(share * timing.budget()), rows::add);
        FurtherProcesses further =
                new FurtherProcesses(
                        spec.root().commandLine().getParseResult().originalArgs(), count, err);
        List<KernelRow> merged = further.merged(rows);
        if (earlier != null) {
            merged = further.confirmed(merged, earlier, device.peaks());
        }
        table.header();
        merged.forEach(table::row);
        return merged;
    }

    private static long count(List<KernelRow> rows, KernelRow.Status status) {
        return rows.stream().filter(row -> row.status() == status).count();
    }

    KernelBenchmark.Settings settings() {
        timing.check();
        if (processes < 0) {
            throw refusal("--processes: expected at least 1, found " + processes);
        }
        boolean further = timesOnly != null;
        return new KernelBenchmark.Settings(
                kernels.shapes(),
                kernels.variants(),
                kernels.passes(),
                !further,
                seed,
                further ? timing.minTime() / 3 : timing.minTime(),
                timing.maxNoise() / 100,
                timing.warmCache(),
                timing.budget());
    }

    private ParameterException refusal(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    /** What the JSON file says of the run as a whole. */
    private Map<String, Object> about(Device device) {
        Map<String, Object> about = new LinkedHashMap<>();
        about.put("date", OffsetDateTime.now().truncatedTo(ChronoUnit.SECONDS).toString());
        about.put("version", Version.version());
        about.put("commit", Version.commit());
        about.put("java", Runtime.version().toString());
        about.put("system", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        about.put("device", device.name());
        about.put("description", device.description());
        about.put("seed", seed);
        about.put("min_time_s", timing.minTime());
        about.put("max_noise_percent", timing.maxNoise());
        about.put("warm_cache", timing.warmCache());
        return about;
    }
}
