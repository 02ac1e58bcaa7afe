package org.centerloss.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.centerloss.bench.StandIn;
import org.centerloss.cli.Main;
import org.centerloss.device.Device;
import org.centerloss.devices.Devices;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class BenchKernelsCommandTest {
    @TempDir private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... args) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), args);
    }

    private static String[] small(String... more) {
        String[] fixed = {
            "bench",
            "kernels",
            "--device",
            "cpu",
            "--batch",
            "16,32",
            "--min-time",
            "0.001",
            "--processes",
            "1"
        };
        String[] args = new String[fixed.length + more.length];
        System.arraycopy(fixed, 0, args, 0, fixed.length);
        System.arraycopy(more, 0, args, fixed.length, more.length);
        return args;
    }

    @Test
    void aRunGoesToTheTableToFilesAndToPicturesAndCanBeComparedWith() throws IOException {
        Path json = folder.resolve("run.json");
        Path csv = folder.resolve("run.csv");
        Path pictures = folder.resolve("pictures");
        String[] args =
                small(
                        "--op=center-update,nearest-center",
                        "--json=" + json,
                        "--csv=" + csv,
                        "--plot=" + pictures);
        assertEquals(0, run(args), err.toString());
        List<String> lines = out.toString().lines().toList();
        assertTrue(lines.get(0).startsWith("cpu: oneDNN"), out.toString());
        assertTrue(lines.get(1).startsWith("peaks measured: copy "), out.toString());
        assertTrue(out.toString().contains("12 passed, 0 failed, 0 skipped"), out.toString());
        JsonNode content = new ObjectMapper().readTree(json.toFile());
        for (String field : List.of("date", "commit", "version", "device", "description")) {
            assertTrue(content.path(field).asText().length() > 1, field);
        }
        assertEquals(12, content.path("rows").size());
        assertEquals(13, Files.readAllLines(csv).size());
        for (String name : List.of("center-update", "nearest-center", "roofline")) {
            assertTrue(Files.size(pictures.resolve(name + ".png")) > 1000, name);
        }
        assertEquals(0, run(small("--op=center-update", "--compare=" + json)), err.toString());
        assertTrue(out.toString().contains(" within noise, 0 without a counterpart"));
        assertEquals(6, out.toString().lines().filter(line -> line.contains("× ")).count());
    }

    @Test
    void rowsAreTimedInSeveralProcessesAndTheirMediansKept() throws IOException {
        Path json = folder.resolve("run.json");
        String[] args = small("--op=center-update", "--json=" + json);
        args[args.length - 3] = "3";
        assertEquals(0, run(args), err.toString());
        assertTrue(err.toString().contains("process 3 of 3"), err.toString());
        assertTrue(out.toString().contains("6 passed, 0 failed, 0 skipped"), out.toString());
        for (JsonNode row : new ObjectMapper().readTree(json.toFile()).path("rows")) {
            double[] medians = new double[3];
            assertEquals(3, row.path("process_medians_s").size());
            for (int i = 0; i < 3; i++) {
                medians[i] = row.path("process_medians_s").get(i).asDouble();
            }
            Arrays.sort(medians);
            assertEquals(medians[1], row.path("median_s").asDouble());
            double between = (medians[2] - medians[0]) / medians[1];
            assertTrue(row.path("noise").asDouble() >= between - 1e-12);
        }
    }

    @Test
    void aWrongOperationExitsWith1AndSaysWhere() {
        BenchKernelsCommand command = new BenchKernelsCommand();
        CommandLine line = new CommandLine(command).setOut(new PrintWriter(out, true));
        line.parseArgs(
                "--op=center-update,nearest-center",
                "--variant=fused",
                "--batch=16",
                "--min-time=0.001",
                "--processes=1");
        try (Device real = Devices.open("cpu", 1);
                Device reference = Devices.open("reference", 0)) {
            assertEquals(1, command.run(wrong(real), reference, command.settings()));
        }
        assertTrue(out.toString().matches("(?s).* fused .* FAIL +centers: element \\d+: .*"));
        assertTrue(out.toString().contains("1 passed, 1 failed, 0 skipped"), out.toString());
    }

    /** A device whose center updates move by another alpha than they were asked to. */
    private static Device wrong(Device real) {
        return StandIn.of(
                Device.class,
                real,
                (method, arguments) ->
                        method.equals("centerUpdate")
                                ? real.centerUpdate(
                                        (int) arguments[0],
                                        (int) arguments[1],
                                        (int) arguments[2],
                                        (double) arguments[3] + 0.001)
                                : StandIn.REAL);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--op center | --op: expected one of center-loss, center-update, nearest-center, pairwise-repulsion, found center",
                "--variant fussed | found fussed (did you mean fused?)",
                "--pass sideways | --pass: expected one of forward, backward, both, found sideways",
                "--op center-update --pass both | --pass: none of the chosen operations has that pass",
                "--batch 0 | expected sizes of at least 1 such as 32,64 or 32..1024, found 0",
                "--feat-dim 64..2 | expected a range from the smaller size up, found 64..2",
                "--batch 999999999 | m = 999999999, d = 2, C = 10: more than",
                "--min-time 0 | --min-time: expected a number above 0, found 0.0",
                "--max-noise NaN | --max-noise: expected a number above 0, found NaN",
                "--processes -1 | --processes: expected at least 1, found -1",
                "--budget -1 | --budget: expected a number above 0, found -1.0",
                "--device reference | --device: expected cpu or cuda",
            })
    void wrongUsageExitsWith2AndSaysWhatIsWrong(String line, String expected) {
        String[] args = ("bench kernels " + line).split(" ");
        assertEquals(2, run(args), err.toString());
        String first = err.toString().lines().findFirst().orElse("");
        assertTrue(first.contains(expected), first);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--compare /no/such/file | /no/such/file: no such file",
                "--json /no/such/folder/x | expected a file in a folder that exists",
                "--csv / | expected a file in a folder that exists",
                "--plot /dev/null | expected a folder for pictures",
            })
    void badFilesAreToldBeforeTheWorkInOneLine(String line, String expected) {
        assertEquals(1, run(small(line.split(" "))), err.toString());
        assertEquals(1, err.toString().lines().count(), err.toString());
        assertTrue(err.toString().contains(expected), err.toString());
        assertEquals("", out.toString());
    }
}
