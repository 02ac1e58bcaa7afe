package org.centerloss.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.centerloss.base.InputException;
import org.centerloss.cuda.VirtualGpu;
import org.centerloss.device.Device;
import org.centerloss.device.Tensor;
import org.centerloss.devices.Devices;
import org.centerloss.format.SafetensorsWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A training run of the reference implementation, repeated. */
class GoldenNetworkTest {
    @TempDir private Path folder;

    private static Path file() throws URISyntaxException {
        return Path.of(
                GoldenNetworkTest.class
                        .getResource("/golden/resnet-xent-rgb-d16.safetensors")
                        .toURI());
    }

    private static List<ResultRow> rows(Device device) throws URISyntaxException {
        List<ResultRow> rows = new ArrayList<>();
        Golden.run(device, file(), rows::add);
        return rows;
    }

    private static List<String> failed(List<ResultRow> rows) {
        return rows.stream().filter(row -> !row.pass()).map(ResultRow::quantity).toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "cpu"})
    void theRunIsRepeatedToTheLastWeight(String name) throws URISyntaxException {
        try (Device device = Devices.open(name, 0)) {
            List<ResultRow> rows = rows(device);
            assertEquals(List.of(), failed(rows));
            assertTrue(rows.size() > 80, "rows: " + rows.size());
            assertEquals(0, device.liveBytes());
        }
    }

    @Test
    @VirtualGpu
    void theRunIsRepeatedOnTheCudaDevice() throws URISyntaxException {
        theRunIsRepeatedToTheLastWeight("cuda");
    }

    @Test
    void aForgottenMomentumIsCaughtAtTheThirdStep() throws URISyntaxException {
        FaultyDevice.Fault forget =
                (method, arguments, call) -> {
                    if (method.equals("step")) {
                        ((Tensor) arguments[2]).zero();
                    }
                    return call.make();
                };
        try (Device real = Devices.open("reference", 0)) {
            List<String> failed = failed(rows(FaultyDevice.of(real, "sgd", true, forget)));
            assertEquals("loss of step 3", failed.get(0));
        }
    }

    @Test
    void metadataThatIsMissingIsNamed() throws IOException {
        Path other = folder.resolve("other.safetensors");
        SafetensorsWriter writer = new SafetensorsWriter();
        writer.put("losses", new double[2], 2);
        writer.put("labels", new int[8], 8);
        writer.putMetadata("batch", "many");
        try (var out = Files.newOutputStream(other)) {
            writer.write(out);
        }
        try (Device device = Devices.open("reference", 0)) {
            String message =
                    assertThrows(InputException.class, () -> Golden.run(device, other, row -> {}))
                            .getMessage();
            assertTrue(
                    message.contains("metadata 'batch': expected a number, found many"), message);
        }
    }

    @Test
    void aFileOfNeitherKindIsRefused() throws IOException {
        Path other = folder.resolve("other.safetensors");
        SafetensorsWriter writer = new SafetensorsWriter();
        writer.put("weights", new float[2], 2);
        try (var out = Files.newOutputStream(other)) {
            writer.write(out);
        }
        try (Device device = Devices.open("reference", 0)) {
            String message =
                    assertThrows(InputException.class, () -> Golden.run(device, other, row -> {}))
                            .getMessage();
            assertTrue(message.contains("found neither"), message);
        }
    }
}
