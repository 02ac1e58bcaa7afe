package org.centerloss.bench.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import org.centerloss.base.InputException;
import org.centerloss.baseline.Variant;
import org.centerloss.bench.Pass;
import org.centerloss.bench.StandIn;
import org.centerloss.bench.Timing;
import org.centerloss.device.Device;
import org.centerloss.device.instrument.Peaks;
import org.centerloss.device.instrument.Stopwatch;
import org.centerloss.devices.Devices;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KernelComparisonTest {
    private static final int ROWS = 300;
    private static final Peaks PEAKS = new Peaks(1e10, 1e11);

    @TempDir private Path folder;

    /** Rows whose times scatter around different medians, by a standard deviation of 3 %. */
    private static List<KernelRow> rows(long seed, double factor) {
        Random random = new Random(seed);
        List<KernelRow> rows = new ArrayList<>();
        for (int i = 0; i < ROWS; i++) {
            double typical = factor * 1e-6 * (i + 1);
            double[] seconds = new double[20];
            Arrays.setAll(seconds, k -> typical * (1 + 0.03 * random.nextGaussian()));
            KernelRow.Key key =
                    new KernelRow.Key(
                            KernelOp.CENTER_LOSS,
                            new KernelShape(i + 1, 2, 10),
                            Pass.BOTH,
                            Variant.FUSED);
            rows.add(
                    new KernelRow(
                            key,
                            KernelRow.Status.PASS,
                            "",
                            Timing.of(seconds),
                            1e3,
                            1e3,
                            0,
                            OptionalInt.of(3),
                            1e-7,
                            1));
        }
        return rows;
    }

    private KernelComparison written(List<KernelRow> rows) {
        Path file = folder.resolve("run.json");
        KernelFiles.writeJson(file, Map.of("description", "a device", "date", "then"), rows, PEAKS);
        return KernelComparison.read(file);
    }

    @Test
    void aRunComparedWithAnotherOfTheSameProgramMarksNothing() {
        int marked = 0;
        for (int run = 0; run < 10; run++) {
            KernelComparison earlier = written(rows(2 * run, 1));
            String summary = earlier.summary(rows(2 * run + 1, 1));
            marked += summary.startsWith("0 slower, 0 faster, 300 within noise") ? 0 : 1;
        }
        assertTrue(marked <= 1, marked + " of 10 runs");
    }

    @Test
    void aFifthSlowerIsMarkedAndAFifthFaster() {
        KernelComparison earlier = written(rows(0, 1));
        assertTrue(
                earlier.summary(rows(1, 1.2))
                        .matches("2[5-9]\\d slower, 0 faster, .*|300 slower.*"),
                earlier.summary(rows(1, 1.2)));
        assertTrue(earlier.summary(rows(1, 1 / 1.2)).matches("0 slower, (2[5-9]\\d|300) faster.*"));
        KernelRow row = rows(1, 1.2).get(7);
        assertTrue(earlier.change(row).orElseThrow().describe().endsWith("SLOWER"));
    }

    @Test
    void aFifthSlowerOnADeviceIsMarkedFromRunToFileToRun() {
        KernelComparison earlier = written(measured(1, 1));
        List<KernelRow> same = measured(2, 1);
        assertEquals(
                "0 slower, 0 faster, %d within noise, 0 without a counterpart"
                        .formatted(same.size()),
                earlier.summary(same));
        assertEquals(
                "%d slower, 0 faster, 0 within noise, 0 without a counterpart"
                        .formatted(same.size()),
                earlier.summary(measured(3, 1.2)));
    }

    /** Runs the benchmark on the CPU device with a clock of our own, 2 % noise. */
    private static List<KernelRow> measured(long seed, double factor) {
        Random random = new Random(seed);
        Map<KernelOp, List<KernelShape>> shapes = new EnumMap<>(KernelOp.class);
        shapes.put(KernelOp.CENTER_UPDATE, List.of(new KernelShape(8, 2, 3)));
        shapes.put(KernelOp.NEAREST_CENTER, List.of(new KernelShape(8, 2, 3)));
        KernelBenchmark.Settings settings =
                new KernelBenchmark.Settings(
                        shapes,
                        List.of(Variant.values()),
                        List.of(Pass.values()),
                        true,
                        0,
                        0.1,
                        0.5,
                        false,
                        60);
        List<KernelRow> rows = new ArrayList<>();
        try (Device real = Devices.open("cpu", 1);
                Device reference = Devices.open("reference", 0)) {
            Device timed =
                    StandIn.of(
                            Device.class,
                            real,
                            (method, arguments) ->
                                    method.equals("stopwatch")
                                            ? clock(real.stopwatch(), factor, random)
                                            : StandIn.REAL);
            KernelBenchmark.run(
                    timed,
                    KernelBenchmark.ways(real, settings.variants()),
                    reference,
                    settings,
                    rows::add);
        }
        return rows;
    }

    private static Stopwatch clock(Stopwatch real, double factor, Random random) {
        return StandIn.of(
                Stopwatch.class,
                real,
                (method, arguments) ->
                        method.equals("milliseconds")
                                ? factor * (1 + 0.02 * random.nextGaussian())
                                : StandIn.REAL);
    }

    @Test
    void aNoisyRowIsNotMarked() {
        KernelComparison earlier = written(rows(0, 1));
        KernelRow row = rows(1, 1.2).get(0);
        Timing noisy = new Timing(1.2e-6, 1.0e-6, 1.4e-6, 20, List.of(1.2e-6));
        KernelRow restless =
                new KernelRow(
                        row.key(),
                        row.status(),
                        "",
                        noisy,
                        1,
                        1,
                        0,
                        OptionalInt.empty(),
                        0,
                        Double.NaN);
        KernelComparison.Change change = earlier.change(restless).orElseThrow();
        assertFalse(change.beyondNoise());
        assertEquals(1.2, change.ratio(), 0.05);
    }

    /** The first row with medians of processes, in microseconds. */
    private static KernelRow processes(double... medians) {
        List<Timing> timings = new ArrayList<>();
        for (double median : medians) {
            timings.add(Timing.of(new double[] {1e-6 * median, 1e-6 * median, 1e-6 * median}));
        }
        return rows(0, 1).get(0).withTiming(Timing.of(timings), 1);
    }

    @Test
    void aChangeIsMarkedWhereEveryProcessOfOneRunDiffersFromEveryOneOfTheOther() {
        KernelComparison earlier = written(List.of(processes(100, 102, 101, 99, 103)));
        assertTrue(earlier.change(processes(121, 120, 119, 122, 123)).orElseThrow().beyondNoise());
        assertTrue(earlier.change(processes(80, 81, 82, 83, 82)).orElseThrow().beyondNoise());
        assertFalse(
                earlier.change(processes(200, 104, 205, 201, 203)).orElseThrow().beyondNoise(),
                "one process was as fast as before");
        assertFalse(earlier.change(processes(108, 107, 106, 108, 107)).orElseThrow().beyondNoise());
        KernelComparison restless = written(List.of(processes(228, 511, 504, 508, 225)));
        assertFalse(
                restless.change(processes(146, 160, 220, 211, 147)).orElseThrow().beyondNoise());
        assertTrue(restless.changed(List.of(processes(40, 41, 42))).size() == 1);
    }

    @Test
    void furtherProcessesAreWorkedIn() {
        KernelRow mine = processes(100, 300);
        KernelComparison other = written(List.of(processes(101, 102, 103)));
        KernelRow merged = KernelComparison.merge(List.of(mine), List.of(other)).get(0);
        assertEquals(5, merged.timing().processMedians().size());
        assertEquals(102e-6, merged.timing().median(), 1e-12);
        assertEquals(200 / 102.0, merged.timing().noise(), 1e-9);
        assertEquals(Map.of(KernelOp.CENTER_LOSS, List.of(mine.key().shape())), other.shapes());
    }

    @Test
    void whatIsNoEarlierRunIsRefusedInOneLine() throws IOException {
        Path file = folder.resolve("other.json");
        String[][] contents = {
            {"", "expected JSON, found nothing"},
            {"{", "expected the rest of the JSON"},
            {"[1]", "expected an object, found a list"},
            {"{\"format\": 2, \"rows\": []}", "format: expected 1, of a file that bench"},
            {row("x", "1"), "rows[0]: op: expected one of [center-loss"},
            {row("center-loss", "-1"), "rows[0]: median_s: expected a number above 0, found -1"},
            {row("center-loss", "1"), "rows[0]: p20_s and p80_s: expected a number beside"},
            {row("center-loss", "\"1\""), "rows[0].median_s: expected a number, found \"1\""}
        };
        for (String[] content : contents) {
            Files.writeString(file, content[0]);
            InputException refused =
                    assertThrows(InputException.class, () -> KernelComparison.read(file));
            assertTrue(refused.getMessage().contains(content[1]), refused.getMessage());
            assertEquals(1, refused.getMessage().lines().count(), refused.getMessage());
        }
        Path nowhere = folder.resolve("nowhere.json");
        InputException refused =
                assertThrows(InputException.class, () -> KernelComparison.read(nowhere));
        assertTrue(refused.getMessage().contains("no such file"), refused.getMessage());
    }

    private static String row(String op, String median) {
        return """
                {"format": 1, "rows": [{"op": "%s", "pass": "both", "variant": "fused",
                "batch": 1, "feat_dim": 2, "classes": 3, "median_s": %s}]}
                """
                .formatted(op, median);
    }

    @Test
    void theCsvHasTheSameColumnsInEveryLine() throws IOException {
        Path file = folder.resolve("rows.csv");
        List<KernelRow> rows = new ArrayList<>(rows(0, 1).subList(0, 2));
        KernelRow row = rows.get(0);
        rows.add(
                new KernelRow(
                        row.key(),
                        KernelRow.Status.FAIL,
                        "dx: \"bad\", very",
                        null,
                        1,
                        1,
                        -1,
                        OptionalInt.empty(),
                        Double.NaN,
                        Double.NaN));
        KernelFiles.writeCsv(file, rows, PEAKS);
        List<String> lines = Files.readAllLines(file);
        assertEquals(4, lines.size());
        assertTrue(
                lines.get(0).startsWith("op,variant,pass,batch,feat_dim,classes,status,median_s"));
        int columns = lines.get(0).split(",", -1).length;
        assertEquals(columns, lines.get(1).split(",", -1).length);
        assertTrue(lines.get(3).endsWith(",\"dx: \"\"bad\"\", very\""), lines.get(3));
    }
}
