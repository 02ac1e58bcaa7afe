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
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
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
import org.centerloss.optim.Schedule;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CheckpointTest {
    private static final TrainingConfig CONFIG = TinyData.config("standalone", 3, 0.1);
    private static final Checkpoint.Model MODEL =
            new Checkpoint.Model(
                    new NetworkShape(1, 12, 12, 2, 3, 1, 1), List.of("top", "middle", "bottom"));
    private static final Progress PROGRESS =
            new Progress(
                    2,
                    16,
                    8,
                    new Schedule.State(0.1 / 3, 1.0 / 7, 4),
                    0.123,
                    1,
                    new double[] {1.0 / 3, -2e-17},
                    2,
                    new Progress.Interval(new double[] {1.0 / 7, 3e-17}, 1));

    private static final long SEED = Long.getLong("centerloss.seed", 11);

    @TempDir private Path folder;
    private Path file;
    private float[] weights;

    @BeforeEach
    void writeOne() {
        file = folder.resolve("last.safetensors");
        try (Device device = Devices.open("cpu", 1);
                Parameters parameters = parameters(device, CONFIG);
                Optimizer optimizer = optimizer(device, parameters)) {
            parameters.initialise(5);
            weights = parameters.weights().toFloats();
            optimizer.state().get("momentum").copyFrom(parameters.weights());
            Checkpoint.write(file, CONFIG, MODEL, PROGRESS, parameters, Optional.of(optimizer));
        }
    }

    private static Parameters parameters(Device device, TrainingConfig config) {
        return new Parameters(
                device, Objectives.parameters(config.objective(), MODEL.shape(), true));
    }

    private static Optimizer optimizer(Device device, Parameters parameters) {
        return new Optimizer(device, parameters, CONFIG.optimization().optimizer());
    }

    private String refusal() {
        return assertThrows(InputException.class, () -> Checkpoint.read(file)).getMessage();
    }

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
    void aFileOfTheOldFormatIsReadWithANote() throws IOException {
        assertEquals(Optional.empty(), Checkpoint.read(file).note());
        Safetensors present = Safetensors.read(file);
        CRC32C crc = new CRC32C();
        SafetensorsWriter old = new SafetensorsWriter();
        present.entries()
                .forEach(
                        (name, entry) -> {
                            crc.update(name.getBytes(StandardCharsets.UTF_8));
                            for (double value : entry.toDoubles()) {
                                crc.update(ByteBuffer.allocate(8).putDouble(value).flip());
                            }
                            old.put(name, entry.toFloats(), entry.shape());
                        });
        String header =
                present.metadata()
                        .get("centerloss")
                        .replace("\"format\":2", "\"format\":1,\"crc32c\":" + crc.getValue());
        old.putMetadata("centerloss", header);
        try (var out = Files.newOutputStream(file)) {
            old.write(out);
        }
        Checkpoint read = Checkpoint.read(file);
        assertEquals(CONFIG, read.config());
        assertEquals(crc.getValue(), read.checksum());
        assertTrue(
                read.note().orElseThrow().contains("made by an older version"), read.note()::get);
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 1001] ^= 1;
        Files.write(file, bytes);
        assertTrue(refusal().contains("corrupt: expected CRC-32C"), refusal());
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

    @Test
    void aConfigurationFromBeforeASettingExistedHasItsDefault() throws IOException {
        try (RunDirectory run = RunDirectory.create(folder.resolve("run"))) {
            run.writeConfig(CONFIG, Map.of(), Map.of());
            Path file = run.path().resolve("config.json");
            String json = Files.readString(file);
            String before =
                    json.replaceAll(
                            ",\\s*\"(heldOutClasses\" : \\[ \\]|(resizedCrop|colorJitter)\" : \\{[^}]*\\})",
                            "");
            for (String later : List.of("heldOutClasses", "resizedCrop", "colorJitter")) {
                assertTrue(json.contains(later) && !before.contains(later), before);
            }
            Files.writeString(file, before);
            assertEquals(CONFIG, run.readConfig().config());
            String other =
                    json.replace("\"heldOutClasses\" : [ ]", "\"heldOutClasses\" : [ \"x\" ]");
            Files.writeString(file, other);
            assertEquals(List.of("x"), run.readConfig().config().data().heldOutClasses());
            Files.writeString(file, json.replaceAll("\"seed\" : 3,", ""));
            assertThrows(
                    InputException.class, run::readConfig, "other settings may not be missing");
        }
    }

    @Test
    void aConfigurationFromBeforeThereWereOptimisersToChooseFromMeansSgdOnAPlateau()
            throws IOException {
        try (RunDirectory run = RunDirectory.create(folder.resolve("run"))) {
            run.writeConfig(CONFIG, Map.of(), Map.of());
            Path config = run.path().resolve("config.json");
            String json = Files.readString(config);
            String before =
                    json.replaceAll(
                            "(?s)\"optimization\" : .*?\\}.*?\\}.*?\\}",
                            "\"optimization\" : {\"batchSize\" : 8, \"learningRate\" : 0.1,"
                                    + " \"momentum\" : 0.9, \"weightDecay\" : 0.0, \"schedule\" :"
                                    + " {\"factor\" : 0.2, \"patience\" : 1, \"threshold\" : 0.1}}");
            assertTrue(json.contains("\"optimizer\"") && !before.contains("\"optimizer\""), before);
            Files.writeString(config, before);
            assertEquals(CONFIG, run.readConfig().config());
            Files.writeString(config, before.replace("\"momentum\" : 0.9,", ""));
            String refused = assertThrows(InputException.class, run::readConfig).getMessage();
            assertTrue(
                    refused.endsWith(
                            "optimizer: expected either this, or momentum and weightDecay, found"
                                    + " none"),
                    refused);
        }
    }
}
