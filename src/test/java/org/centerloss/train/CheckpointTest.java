package org.centerloss.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.centerloss.base.AtomicFile;
import org.centerloss.base.InputException;
import org.centerloss.data.ImageSet;
import org.centerloss.device.Device;
import org.centerloss.devices.Devices;
import org.centerloss.format.Safetensors;
import org.centerloss.format.SafetensorsWriter;
import org.centerloss.loss.Objectives;
import org.centerloss.nn.NetworkShape;
import org.centerloss.nn.Parameters;
import org.centerloss.optim.Optimizer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CheckpointTest extends WrittenCheckpoint {

    private static final long SEED = Long.getLong("centerloss.seed", 11);

    @Test
    void everythingComesBackBitForBit() {
        Checkpoint read = Checkpoint.read(file);
        assertEquals(CONFIG, read.config());
        assertEquals(MODEL, read.model());
        assertEquals(PROGRESS.schedule(), read.progress().schedule());
        assertArrayEquals(PROGRESS.termSums(), read.progress().termSums());
        assertArrayEquals(PROGRESS.interval().sums(), read.progress().interval().sums());
        assertEquals(1, read.progress().interval().steps());
        try (Device device = Devices.open("cpu", 1);
                Parameters parameters = parameters(device, CONFIG);
                Optimizer optimizer = optimizer(device, parameters)) {
            read.restore(parameters);
            read.restore(parameters, optimizer);
            assertArrayEquals(weights, parameters.weights().toFloats());
            assertArrayEquals(weights, optimizer.state().get("momentum").toFloats());
        }
    }

    @Test
    void aMessageAboutManyClassesStaysShort() {
        List<String> many = IntStream.range(0, 1200).mapToObj(i -> "class " + i).toList();
        ImageSet none = new ImageSet(1, 12, 12, new byte[0], new int[0]);
        String message =
                assertThrows(
                                InputException.class,
                                () -> Checkpoint.read(file).requireKnownClass(none, many))
                        .getMessage();
        assertTrue(message.contains("top, middle, bottom"), message);
        assertTrue(message.length() <= 1000, message);
        NetworkShape shape = new NetworkShape(1, 12, 12, 2, 1200, 1, 1);
        assertTrue(new Checkpoint.Model(shape, many).toString().length() <= 1000);
    }

    @Test
    void aTruncatedFileIsRefusedAtEveryLength() throws IOException {
        byte[] whole = Files.readAllBytes(file);
        for (int length : new int[] {0, 7, 8, 500, whole.length / 2, whole.length - 1}) {
            Files.write(file, Arrays.copyOf(whole, length));
            String message = refusal();
            assertTrue(message.startsWith(file.toString()), message);
            assertFalse(message.contains("\n"), message);
        }
    }

    @Test
    void oneFlippedBitIsNoticedWhereverItIs() throws IOException {
        byte[] whole = Files.readAllBytes(file);
        int dataBegin = 8 + ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN).getInt();
        Random random = new Random(SEED);
        for (int i = 0; i < 150; i++) {
            int at = i < 130 ? random.nextInt(dataBegin) : random.nextInt(whole.length);
            byte[] changed = whole.clone();
            changed[at] ^= (byte) (1 << random.nextInt(8));
            Files.write(file, changed);
            assertThrows(
                    InputException.class,
                    () -> Checkpoint.read(file),
                    "byte %d, seed %d".formatted(at, SEED));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\\\"seed\\\":3 | \\\"seed\\\":4",
                "\\\"position\\\":16 | \\\"position\\\":24",
                "\\\"top\\\" | \\\"tip\\\"",
                "conv1.weight | c0nv1.weight",
                "\\\"format\\\":2 | \\\"format\\\":1",
                "centerloss.sha256 | centerloss.SHA256"
            })
    void anotherHeaderIsNoticedThoughItIsSound(String old, String other) throws IOException {
        String text = Files.readString(file, StandardCharsets.ISO_8859_1);
        assertTrue(text.contains(old), old);
        Files.writeString(file, text.replace(old, other), StandardCharsets.ISO_8859_1);
        assertTrue(refusal().startsWith(file + ": corrupt: expected"), refusal());
    }

    @Test
    void aForeignSafetensorsFileIsNamedAsSuch() throws IOException {
        SafetensorsWriter foreign = new SafetensorsWriter();
        foreign.put("conv1.weight", new float[4], 2, 2);
        try (var out = Files.newOutputStream(file)) {
            foreign.write(out);
        }
        assertTrue(refusal().contains("expected a checkpoint of centerloss"), refusal());
    }

    @Test
    void metadataThatCannotBeReadIsOneLine() throws IOException {
        SafetensorsWriter broken = new SafetensorsWriter();
        broken.putMetadata("centerloss", "{\"format\": 1, \"crc32c\": 0}");
        try (var out = Files.newOutputStream(file)) {
            broken.write(out);
        }
        assertFalse(refusal().contains("\n"), refusal());
        assertTrue(refusal().contains("metadata 'centerloss'"), refusal());
    }

    @Test
    void anotherNetworksTensorIsRefusedWithBothShapes() {
        Checkpoint read = Checkpoint.read(file);
        NetworkShape wider = new NetworkShape(1, 12, 12, 7, 3, 1, 1);
        try (Device device = Devices.open("cpu", 1);
                Parameters parameters =
                        new Parameters(
                                device, Objectives.parameters(CONFIG.objective(), wider, true))) {
            String message =
                    assertThrows(InputException.class, () -> read.restore(parameters)).getMessage();
            assertTrue(message.contains("expected shape [7, 128], found [2, 128]"), message);
        }
    }

    @Test
    void aWriteThatFailsLeavesTheOldCheckpointAndNoOtherFile() throws IOException {
        byte[] before = Files.readAllBytes(file);
        String message =
                assertThrows(
                                InputException.class,
                                () ->
                                        AtomicFile.write(
                                                file,
                                                out -> {
                                                    out.write(new byte[100_000]);
                                                    throw new IOException(
                                                            "No space left on device");
                                                }))
                        .getMessage();
        assertEquals(
                file
                        + ": cannot be written: No space left on device; what was there before is"
                        + " intact",
                message);
        assertArrayEquals(before, Files.readAllBytes(file));
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(List.of(file), files.toList());
        }
    }

    @Test
    void bestCheckpointsHoldTheReferencesNamesAndNoMomentum() {
        try (Device device = Devices.open("cpu", 1);
                Parameters parameters = parameters(device, CONFIG)) {
            Checkpoint.write(file, CONFIG, MODEL, PROGRESS, parameters, Optional.empty());
        }
        assertTrue(
                Safetensors.read(file).entries().keySet().stream()
                        .noneMatch(name -> name.startsWith("momentum.")));
        assertTrue(Safetensors.read(file).entries().containsKey("group1.0.conv1.weight"));
    }
}
