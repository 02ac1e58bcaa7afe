package org.centerloss.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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
import org.centerloss.InputException;
import org.centerloss.device.Variant;

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
        if (!Files.isRegularFile(file)) {
            throw new InputException(file + ": no such file, to compare with");
        }
        JsonNode content;
        try {
            content = new ObjectMapper().readTree(Files.readString(file));
        } catch (JsonProcessingException e) {
            throw unexpected(file, "what is no JSON: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw new InputException(file + ": cannot be read: " + e.getMessage(), e);
        }
        int format = content.path("format").asInt();
        if (format != KernelFiles.FORMAT || !content.path("rows").isArray()) {
            throw unexpected(file, "something else");
        }
        KernelComparison run =
                new KernelComparison(
                        "%s of %s, commit %s"
                                .formatted(
                                        content.path("description").asText("an unknown device"),
                                        content.path("date").asText("an unknown date"),
                                        content.path("commit").asText("unknown")));
        int number = 0;
        for (JsonNode row : content.path("rows")) {
            number++;
            try {
                run.add(row);
            } catch (IllegalArgumentException e) {
                throw unexpected(file, "row " + number + " with " + e.getMessage());
            }
        }
        return run;
    }

    private void add(JsonNode row) {
        if (!row.path("median_s").isNumber()) {
            return;
        }
        KernelShape shape =
                new KernelShape(
                        row.path("batch").asInt(),
                        row.path("feat_dim").asInt(),
                        row.path("classes").asInt());
        KernelRow.Key key =
                new KernelRow.Key(
                        value(KernelOp.class, row, "op"),
                        shape,
                        value(Pass.class, row, "pass"),
                        value(Variant.class, row, "variant"));
        timings.put(
                key,
                new Timing(
                        positive(row, "median_s"),
                        positive(row, "p20_s"),
                        positive(row, "p80_s"),
                        row.path("repetitions").asInt(),
                        processMedians(row)));
    }

    private static List<Double> processMedians(JsonNode row) {
        List<Double> medians = new ArrayList<>();
        for (JsonNode median : row.path("process_medians_s")) {
            if (!(median.asDouble() > 0)) {
                throw new IllegalArgumentException("process_medians_s " + median);
            }
            medians.add(median.asDouble());
        }
        if (medians.isEmpty()) {
            throw new IllegalArgumentException("no process_medians_s");
        }
        return medians;
    }

    private static <E extends Enum<E>> E value(Class<E> type, JsonNode row, String field) {
        String name = row.path(field).asText();
        try {
            return Enum.valueOf(type, name.toUpperCase(Locale.ROOT).replace('-', '_'));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(field + " '" + name + "'", e);
        }
    }

    private static double positive(JsonNode row, String field) {
        double value = row.path(field).asDouble();
        if (!(value > 0)) {
            throw new IllegalArgumentException(field + " " + row.path(field));
        }
        return value;
    }

    private static InputException unexpected(Path file, String found) {
        return new InputException(
                "%s: expected a file that bench kernels --json wrote, found %s"
                        .formatted(file, found));
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
