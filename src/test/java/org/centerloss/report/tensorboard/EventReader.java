package org.centerloss.report.tensorboard;

import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.tensorflow.proto.Event;
import org.tensorflow.proto.SessionLog;
import org.tensorflow.proto.Summary;

/**
 * Reads event files by the definitions alone: a checksum of its own, bit by bit, and the messages
 * that TensorFlow publishes.
 */
public final class EventReader {
    private EventReader() {}

    /** The whole events of a file's bytes; an end that is cut off is passed over. */
    static List<Event> parse(byte[] bytes) {
        ByteBuffer file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        List<Event> events = new ArrayList<>();
        while (file.remaining() >= 12) {
            long length = file.getLong(file.position());
            requireChecksum(file, 8);
            if (file.remaining() < length + 4) {
                break;
            }
            byte[] data = new byte[Math.toIntExact(length)];
            file.get(file.position(), data);
            requireChecksum(file, data.length);
            try {
                events.add(Event.parseFrom(data));
            } catch (InvalidProtocolBufferException e) {
                throw new IllegalStateException("event " + events.size(), e);
            }
        }
        return events;
    }

    /** Moves on over the next bytes and the checksum after them. */
    private static void requireChecksum(ByteBuffer file, int length) {
        int position = file.position();
        int crc = 0xffffffff;
        for (int i = 0; i < length; i++) {
            crc ^= file.get() & 0xff;
            for (int bit = 0; bit < 8; bit++) {
                // Castagnoli's polynomial 0x1edc6f41, its bits reversed.
                crc = (crc >>> 1) ^ ((crc & 1) == 0 ? 0 : 0x82f63b78);
            }
        }
        crc = ~crc;
        int masked = ((crc >>> 15) | (crc << 17)) + 0xa282ead8;
        int found = file.getInt();
        if (found != masked) {
            throw new IllegalStateException(
                    "bytes from %d on: checksum %x, found %x".formatted(position, masked, found));
        }
    }

    /** The events of every file in a folder, file by file in the order of their names. */
    public static List<List<Event>> files(Path folder) throws IOException {
        List<List<Event>> files = new ArrayList<>();
        try (Stream<Path> paths = Files.list(folder)) {
            for (Path path : paths.sorted().toList()) {
                if (path.getFileName().toString().contains("tfevents")) {
                    files.add(parse(Files.readAllBytes(path)));
                }
            }
        }
        return files;
    }

    /**
     * The values of each tag by step, after what TensorBoard's {@code PluginEventAccumulator} does
     * where a run was taken up again: every START but the first drops what has that step or a later
     * one. Two values of a tag at one step are an error.
     */
    public static Map<String, NavigableMap<Long, Summary.Value>> series(List<List<Event>> files) {
        Map<String, NavigableMap<Long, Summary.Value>> series = new LinkedHashMap<>();
        boolean started = false;
        for (List<Event> file : files) {
            for (Event event : file) {
                if (event.getSessionLog().getStatus() == SessionLog.SessionStatus.START) {
                    if (started) {
                        series.values().forEach(one -> one.tailMap(event.getStep(), true).clear());
                    }
                    started = true;
                }
                for (Summary.Value value : event.getSummary().getValueList()) {
                    Summary.Value before =
                            series.computeIfAbsent(value.getTag(), tag -> new TreeMap<>())
                                    .put(event.getStep(), value);
                    if (before != null) {
                        throw new IllegalStateException(
                                "%s: step %d twice".formatted(value.getTag(), event.getStep()));
                    }
                }
            }
        }
        return series;
    }

    /**
     * The values of each tag by step, as TensorBoard's data server has them: it passes over START,
     * and every value drops those of its tag that have its step or a later one.
     */
    public static Map<String, NavigableMap<Long, Summary.Value>> preempted(
            List<List<Event>> files) {
        Map<String, NavigableMap<Long, Summary.Value>> series = new LinkedHashMap<>();
        for (List<Event> file : files) {
            for (Event event : file) {
                for (Summary.Value value : event.getSummary().getValueList()) {
                    NavigableMap<Long, Summary.Value> one =
                            series.computeIfAbsent(value.getTag(), tag -> new TreeMap<>());
                    one.tailMap(event.getStep(), true).clear();
                    one.put(event.getStep(), value);
                }
            }
        }
        return series;
    }
}
