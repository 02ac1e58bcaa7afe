package org.centerloss.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.centerloss.base.InputException;
import org.centerloss.cuda.VirtualGpu;
import org.centerloss.device.Device;
import org.centerloss.devices.Devices;
import org.centerloss.format.Safetensors;
import org.centerloss.format.SafetensorsWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GoldenLossesTest {
    @TempDir Path folder;

    private static List<ResultRow> rows(String deviceName, Safetensors file) {
        List<ResultRow> rows = new ArrayList<>();
        try (Device device = Devices.open(deviceName, 0)) {
            GoldenLosses.run("golden", file, device, rows::add);
            assertEquals(0, device.liveBytes());
        }
        return rows;
    }

    private static Safetensors golden(String name) throws URISyntaxException {
        Path path =
                Path.of(
                        GoldenLossesTest.class
                                .getResource("/golden/losses-" + name + ".safetensors")
                                .toURI());
        return Safetensors.read(path);
    }

    /** The tensors of a file, to be changed and written again. */
    private static SafetensorsWriter inputs(Safetensors golden) {
        SafetensorsWriter writer = new SafetensorsWriter();
        for (String name : List.of("x", "centers", "fc2.weight", "fc2.bias")) {
            writer.put(name, golden.get(name).toFloats(), golden.get(name).shape());
        }
        return writer;
    }

    private Safetensors written(SafetensorsWriter writer) throws IOException {
        Path path = folder.resolve("changed.safetensors");
        try (OutputStream out = Files.newOutputStream(path)) {
            writer.write(out);
        }
        return Safetensors.read(path);
    }

    @ParameterizedTest
    @CsvSource({
        "reference, m8-d2, 23",
        "reference, m33-d17-c7, 23",
        "reference, m128-d2, 23",
        "reference, m128-d128, 23",
        "reference, m96-d64-offset, 20",
        "cpu, m8-d2, 23",
        "cpu, m33-d17-c7, 23",
        "cpu, m128-d2, 23",
        "cpu, m128-d128, 23",
        "cpu, m96-d64-offset, 20"
    })
    void everyResultOfTheFileIsFound(String device, String name, int results)
            throws URISyntaxException {
        List<ResultRow> rows = rows(device, golden(name));
        assertEquals(results, rows.size());
        assertEquals(List.of(), rows.stream().filter(row -> !row.pass()).toList());
    }

    @ParameterizedTest
    @VirtualGpu
    @CsvSource({
        "m8-d2, 23",
        "m33-d17-c7, 23",
        "m128-d2, 23",
        "m128-d128, 23",
        "m96-d64-offset, 20"
    })
    void everyResultIsFoundOnTheCudaDevice(String name, int results) throws URISyntaxException {
        everyResultOfTheFileIsFound("cuda", name, results);
    }

    @Test
    void wrongAndUnknownResultsFail() throws Exception {
        Safetensors golden = golden("m8-d2");
        SafetensorsWriter writer = inputs(golden);
        writer.put("labels", golden.get("labels").toInts(), 8);
        double[] intra = golden.get("intra").toDoubles();
        double[] gradient = golden.get("intra.grad_x").toDoubles();
        gradient[3] += 1e-8;
        writer.put("intra", intra, 1);
        writer.put("intra.grad_x", gradient, 8, 2);
        writer.put("inter", new double[] {golden.get("inter").toDoubles()[0] * (1 + 1e-9)}, 1);
        writer.put("surprise", new double[1], 1);
        List<ResultRow> rows = rows("reference", written(writer));
        assertEquals(
                List.of("intra"),
                rows.stream().filter(ResultRow::pass).map(ResultRow::quantity).toList());
        assertEquals(4, rows.size());
        assertTrue(rows.get(3).detail().startsWith("not checked"), rows.get(3).detail());
    }

    @Test
    void fileWithoutResultsIsRefused() throws Exception {
        Safetensors golden = golden("m8-d2");
        SafetensorsWriter writer = inputs(golden);
        writer.put("labels", golden.get("labels").toInts(), 8);
        Safetensors bare = written(writer);
        assertEquals(
                "golden: expected results beside the inputs, found none",
                assertThrows(InputException.class, () -> rows("reference", bare)).getMessage());
    }

    @Test
    void labelThatIsNoClassIsRefused() throws Exception {
        Safetensors golden = golden("m8-d2");
        SafetensorsWriter writer = inputs(golden);
        writer.put("labels", new int[] {0, 1, 2, 3, 4, 5, 6, 10}, 8);
        Safetensors changed = written(writer);
        String message =
                assertThrows(InputException.class, () -> rows("reference", changed)).getMessage();
        assertTrue(
                message.endsWith(
                        ": tensor 'labels': element 7: expected a class from 0 to 9, found 10"),
                message);
    }
}
