package org.centerloss.bench.kernel;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.centerloss.base.Bounds;
import org.centerloss.base.InputException;
import org.centerloss.baseline.Variant;
import org.centerloss.bench.Pass;
import org.centerloss.bench.Timing;
import org.centerloss.format.StrictJson;

/** An earlier run, read from its JSON file, that another is set beside. */
public final class KernelComparison {
    /**
     * What two runs of the same program differ in even where each is quiet: the just-in-time
     * compiler decides anew, memory lies elsewhere.
     */
    static final double BETWEEN_RUNS = 0.1;

    private final Map<KernelRow.Key, Timing> timings = new HashMap<>();
    private final String description;

    private KernelComparison(String description) {
        this.description = description;
    }

    /**
     * A row's time beside that of the earlier run.
     *
     * @param ratio now / then
     * @param beyondNoise whether it differs by more than both runs' noise together, and every
     *     process of one run from every process of the other by more than quiet runs do
     */
    record Change(double ratio, boolean beyondNoise) {
        String describe() {
            String mark = !beyondNoise ? "" : ratio > 1 ? " SLOWER" : " FASTER";
            return String.format(Locale.ROOT, "× %.2f%-7s", ratio, mark);
        }
    }

    /**
     * Reads what {@link KernelFiles#writeJson} has written.
     *
     * @throws InputException if it is not such a file
     */
    public static KernelComparison read(Path file) {
        Content content = StrictJson.read(file, Content.class);
        KernelComparison run =
                new KernelComparison(
                        "%s of %s, commit %s"
                                .formatted(
                                        known(content.description(), "an unknown device"),
                                        known(content.date(), "an unknown date"),
                                        known(content.commit(), "unknown")));
        content.rows().stream().filter(row -> row.medianSeconds() != null).forEach(run::add);
        return run;
    }

    private static String known(String text, String otherwise) {
        return text == null ? otherwise : text;
    }

    /** What is read of a file; it holds more. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    private record Content(
            int format,
            @JsonProperty(required = false) String description,
            @JsonProperty(required = false) String date,
            @JsonProperty(required = false) String commit,
            List<Row> rows) {
        Content {
            Bounds.require(
                    format == KernelFiles.FORMAT,
                    "format",
                    KernelFiles.FORMAT + ", of a file that bench kernels --json wrote",
                    format);
        }
    }

    /** A row of a file; the times are null where nothing was timed. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    private record Row(
            String op,
            String variant,
            String pass,
            int batch,
            @JsonProperty("feat_dim") int features,
            int classes,
            @JsonProperty(value = "median_s", required = false) Double medianSeconds,
            @JsonProperty(value = "p20_s", required = false) Double p20Seconds,
            @JsonProperty(value = "p80_s", required = false) Double p80Seconds,
            @JsonProperty(required = false) Integer repetitions,
            @JsonProperty(value = "process_medians_s", required = false)
                    List<Double> processMedians) {
        Row {
            value(KernelOp.class, "op", op);
            value(Variant.class, "variant", variant);
            value(Pass.class, "pass", pass);
            Bounds.atLeast("batch", batch, 1);
            Bounds.atLeast("feat_dim", features, 1);
            Bounds.atLeast("classes", classes, 1);
            if (medianSeconds != null) {
                Bounds.positive("median_s", medianSeconds);
                Bounds.require(
                        p20Seconds != null && p80Seconds != null,
                        "p20_s and p80_s",
                        "a number beside median_s",
                        "none");
                Bounds.positive("p20_s", p20Seconds);
                Bounds.positive("p80_s", p80Seconds);
                Bounds.require(repetitions != null, "repetitions", "a number", "none");
                Bounds.atLeast("repetitions", repetitions, 1);
                Bounds.require(
                        processMedians != null && !processMedians.isEmpty(),
                        "process_medians_s",
                        "at least one number",
                        "none");
                processMedians.forEach(median -> Bounds.positive("process_medians_s", median));
            }
        }
    }

    private static <E extends Enum<E>> E value(Class<E> type, String field, String name) {
        String constant = name.toUpperCase(Locale.ROOT).replace('-', '_');
        for (E one : type.getEnumConstants()) {
            if (one.name().equals(constant)) {
                return one;
            }
        }
        throw new IllegalArgumentException(
                "%s: expected one of %s, found '%s'"
                        .formatted(
                                field,
                                Arrays.toString(type.getEnumConstants())
                                        .toLowerCase(Locale.ROOT)
                                        .replace('_', '-'),
                                Bounds.shown(name)));
    }

    private void add(Row row) {
        timings.put(
                new KernelRow.Key(
                        value(KernelOp.class, "op", row.op()),
                        new KernelShape(row.batch(), row.features(), row.classes()),
                        value(Pass.class, "pass", row.pass()),
                        value(Variant.class, "variant", row.variant())),
                new Timing(
                        row.medianSeconds(),
                        row.p20Seconds(),
                        row.p80Seconds(),
                        row.repetitions(),
                        row.processMedians()));
    }

    /** One line: the device, the date, the commit. */
    public String description() {
        return description;
    }

    /**
     * The rows with the times of further processes, which ran them too, worked in.
     *
     * @param processes what each has written
     */
    public static List<KernelRow> merge(List<KernelRow> rows, List<KernelComparison> processes) {
        List<KernelRow> merged = new ArrayList<>();
        Map<KernelRow.Key, Double> medians = new HashMap<>();
        for (KernelRow row : rows) {
            Timing timing = row.timing();
            if (timing != null) {
                List<Timing> all = new ArrayList<>(List.of(timing));
                processes.stream()
                        .map(process -> process.timings.get(row.key()))
                        .filter(Objects::nonNull)
                        .forEach(all::add);
                timing = Timing.of(all);
                medians.put(row.key(), timing.median());
            }
            merged.add(row.withTiming(timing, Double.NaN));
        }
        merged.replaceAll(
                row -> {
                    Double composed = medians.get(row.key().with(Variant.COMPOSED));
                    return row.timing() == null || composed == null
                            ? row
                            : row.withTiming(row.timing(), composed / row.timing().median());
                });
        return merged;
    }

    /** How a row's time has changed; empty where one of the runs has none. */
    Optional<Change> change(KernelRow row) {
        Timing then = timings.get(row.key());
        Timing now = row.timing();
        if (then == null || now == null) {
            return Optional.empty();
        }
        double ratio = now.median() / then.median();
        double change = Math.abs(Math.log(ratio));
        boolean beyond = change > then.noise() + now.noise() && gap(then, now) > BETWEEN_RUNS;
        return Optional.of(new Change(ratio, beyond));
    }

    /**
     * How far apart the processes of two runs are, as a logarithm: the slowest of the faster run
     * from the fastest of the slower one.
     */
    private static double gap(Timing a, Timing b) {
        double aboveB = Collections.min(a.processMedians()) / Collections.max(b.processMedians());
        double aboveA = Collections.min(b.processMedians()) / Collections.max(a.processMedians());
        return Math.log(Math.max(aboveB, aboveA));
    }

    /** The rows that have changed beyond noise. */
    public List<KernelRow> changed(List<KernelRow> rows) {
        return rows.stream()
                .filter(row -> change(row).filter(Change::beyondNoise).isPresent())
                .toList();
    }

    /** The shapes of all rows that were timed. */
    public Map<KernelOp, List<KernelShape>> shapes() {
        Map<KernelOp, List<KernelShape>> shapes = new EnumMap<>(KernelOp.class);
        timings.keySet().stream()
                .collect(Collectors.groupingBy(KernelRow.Key::op))
                .forEach(
                        (op, keys) ->
                                shapes.put(
                                        op,
                                        keys.stream()
                                                .map(KernelRow.Key::shape)
                                                .distinct()
                                                .sorted(
                                                        Comparator.comparingDouble(
                                                                KernelShape::batch))
                                                .toList()));
        return shapes;
    }

    /** One line over all rows. */
    public String summary(Iterable<KernelRow> rows) {
        int slower = 0;
        int faster = 0;
        int same = 0;
        int fresh = 0;
        for (KernelRow row : rows) {
            Optional<Change> change = change(row);
            if (change.isEmpty()) {
                fresh++;
            } else if (!change.get().beyondNoise()) {
                same++;
            } else if (change.get().ratio() > 1) {
                slower++;
            } else {
                faster++;
            }
        }
        return "%d slower, %d faster, %d within noise, %d without a counterpart"
                .formatted(slower, faster, same, fresh);
    }
}
