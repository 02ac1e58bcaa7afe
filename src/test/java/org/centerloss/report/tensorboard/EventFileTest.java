package org.centerloss.report.tensorboard;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.centerloss.base.InputException;
import org.centerloss.report.theme.Picture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.Event;
import org.tensorflow.proto.SessionLog;
import org.tensorflow.proto.Summary;

class EventFileTest {
    /**
     * What TensorFlow 2 itself wrote for {@code tf.summary.scalar("accuracy", 0.99, step=77)}, from
     * the tests of TensorBoard's data server.
     */
    private static final String BY_TENSORFLOW =
            "1800000000000000a37f4b22090000803899d6d7411a0d627261696e2e4576656e743a32124b36ab"
                    + "3200000000000000241956ec09c405b73d99d6d741104d2a250a230a08616363757261637942"
                    + "0a080112002204a4707d3f4a0b0a090a077363616c617273a55b6433";

    @TempDir private Path folder;

    private Path file() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList().get(0);
        }
    }

    private byte[] smallFile() throws IOException {
        try (EventFile events = new EventFile(folder, 1)) {
            events.scalars(1, Map.of("loss/total", 0.5));
            events.scalars(2, Map.of("loss/total", 0.25));
        }
        return Files.readAllBytes(file());
    }

    @Test
    void theReaderReadsWhatTensorFlowWrote() {
        List<Event> events = EventReader.parse(HexFormat.of().parseHex(BY_TENSORFLOW));
        assertEquals(2, events.size());
        assertEquals("brain.Event:2", events.get(0).getFileVersion());
        assertEquals(77, events.get(1).getStep());
        Summary.Value value = events.get(1).getSummary().getValue(0);
        assertEquals("accuracy", value.getTag());
        assertEquals(
                0.99f,
                value.getTensor()
                        .getTensorContent()
                        .asReadOnlyByteBuffer()
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .getFloat());
    }

    @Test
    void everyEventIsReadBackByThePublishedDefinitions() throws IOException {
        double before = System.currentTimeMillis() / 1000.0;
        try (EventFile events = new EventFile(folder, 41)) {
            events.scalars(42, new TreeMap<>(Map.of("accuracy/test", 0.1, "loss/inter", -3e30)));
            events.text(43, "configuration", "| ä | b |\n");
            events.image(
                    1L << 40,
                    "features",
                    new Picture("a", "b", "c", "png", 320, 240, 1, 0, new byte[] {1, 2, 3}, null));
        }
        double after = System.currentTimeMillis() / 1000.0;
        List<Event> events = EventReader.parse(Files.readAllBytes(file()));
        assertEquals(5, events.size());
        for (Event event : events) {
            assertTrue(event.getWallTime() >= before && event.getWallTime() <= after);
            assertTrue(event.getUnknownFields().asMap().isEmpty());
        }
        assertEquals("brain.Event:2", events.get(0).getFileVersion());
        assertEquals(0, events.get(0).getStep());

        assertEquals(SessionLog.SessionStatus.START, events.get(1).getSessionLog().getStatus());
        assertEquals(41, events.get(1).getStep());

        Summary scalars = events.get(2).getSummary();
        assertEquals(42, events.get(2).getStep());
        assertEquals(2, scalars.getValueCount());
        assertEquals("accuracy/test", scalars.getValue(0).getTag());
        assertEquals(0.1f, scalars.getValue(0).getSimpleValue());
        assertEquals("loss/inter", scalars.getValue(1).getTag());
        assertEquals(-3e30f, scalars.getValue(1).getSimpleValue());

        Summary.Value text = events.get(3).getSummary().getValue(0);
        assertEquals("configuration", text.getTag());
        assertEquals("text", text.getMetadata().getPluginData().getPluginName());
        assertEquals(DataType.DT_STRING, text.getTensor().getDtype());
        assertTrue(text.getTensor().hasTensorShape());
        assertEquals(0, text.getTensor().getTensorShape().getDimCount());
        assertEquals(1, text.getTensor().getStringValCount());
        assertEquals("| ä | b |\n", text.getTensor().getStringVal(0).toStringUtf8());

        assertEquals(1L << 40, events.get(4).getStep());
        Summary.Value image = events.get(4).getSummary().getValue(0);
        assertEquals("features", image.getTag());
        assertEquals(320, image.getImage().getWidth());
        assertEquals(240, image.getImage().getHeight());
        assertEquals(3, image.getImage().getColorspace());
        assertArrayEquals(
                new byte[] {1, 2, 3}, image.getImage().getEncodedImageString().toByteArray());
    }

    @Test
    void everyDamagedByteIsNoticed() throws IOException {
        byte[] bytes = smallFile();
        List<Event> whole = EventReader.parse(bytes);
        assertEquals(4, whole.size());
        for (int i = 0; i < bytes.length; i++) {
            byte[] damaged = bytes.clone();
            damaged[i] ^= 1 << i % 8;
            assertThrows(
                    IllegalStateException.class, () -> EventReader.parse(damaged), "byte " + i);
        }
    }

    @Test
    void whateverIsCutOffTheRestIsReadable() throws IOException {
        byte[] bytes = smallFile();
        List<Event> whole = EventReader.parse(bytes);
        for (int length = 0; length < bytes.length; length++) {
            List<Event> read = EventReader.parse(Arrays.copyOf(bytes, length));
            assertTrue(read.size() < whole.size(), "length " + length);
            assertEquals(whole.subList(0, read.size()), read);
        }
    }

    @Test
    void everyEventIsInTheFileAtOnce() throws IOException {
        try (EventFile events = new EventFile(folder, 1)) {
            for (int step = 1; step <= 3; step++) {
                events.scalars(step, Map.of("loss/total", 1.0));
                assertEquals(2 + step, EventReader.parse(Files.readAllBytes(file())).size());
            }
        }
    }

    @Test
    void aNewFileComesAfterTheOlderOnesByName() throws IOException {
        Path older = folder.resolve("events.out.tfevents.3000000000.elsewhere");
        Files.createFile(older);
        for (int i = 0; i < 3; i++) {
            new EventFile(folder, i).close();
        }
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(
                    List.of(
                            older,
                            folder.resolve("events.out.tfevents.3000000001.centerloss"),
                            folder.resolve("events.out.tfevents.3000000002.centerloss"),
                            folder.resolve("events.out.tfevents.3000000003.centerloss")),
                    files.sorted().toList());
        }
        assertEquals(
                List.of(0L, 1L, 2L),
                EventReader.files(folder).stream()
                        .skip(1)
                        .map(events -> events.get(1).getStep())
                        .toList());
    }

    @Test
    void aFolderThatIsGoneIsNamed() {
        Path gone = folder.resolve("gone");
        InputException failure =
                assertThrows(InputException.class, () -> new EventFile(gone, 1).close());
        assertTrue(
                failure.getMessage().startsWith(gone + ": cannot be written: "),
                failure.getMessage());
    }
}
