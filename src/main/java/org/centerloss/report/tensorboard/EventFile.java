package org.centerloss.report.tensorboard;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.centerloss.base.InputException;
import org.centerloss.format.protobuf.ProtoMessage;
import org.centerloss.report.theme.Picture;

/**
 * A file of events as TensorBoard reads it. Every event is one write, so what a process that dies
 * leaves behind ends with a whole event, or with a part of one, which readers wait for and pass
 * over.
 *
 * <p>Sources: TensorFlow's {@code record_writer.h} (a record is its length as uint64, the masked
 * CRC-32C of these 8 bytes, the data, and their masked CRC-32C, all little-endian), {@code
 * event.proto}, {@code summary.proto} and {@code tensor.proto}.
 */
final class EventFile implements AutoCloseable {
    private static final Pattern NAME = Pattern.compile("events\\.out\\.tfevents\\.(\\d{10})\\..*");
    private static final int START = 1;
    private static final int RGB = 3;
    private static final int DT_STRING = 7;

    private final Path path;
    private final FileChannel channel;

    /**
     * Starts a file, after those that the folder has.
     *
     * @param firstStep the first step that it will tell of: TensorBoard forgets what earlier files
     *     tell of this and later steps
     * @throws InputException if it cannot be written
     */
    EventFile(Path folder, long firstStep) {
        path = folder.resolve("events.out.tfevents.%010d.centerloss".formatted(seconds(folder)));
        try {
            channel =
                    FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw failure(path, e);
        }
        write(event(0).putString(3, "brain.Event:2"));
        // The first file has it too, since TensorBoard takes the first start that it meets for no
        // restart.
        write(event(firstStep).putMessage(7, new ProtoMessage().putInteger(1, START)));
    }

    /** The time for the name. TensorBoard reads files in the order of their names. */
    private static long seconds(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            long newest =
                    files.map(file -> NAME.matcher(file.getFileName().toString()))
                            .filter(Matcher::matches)
                            .mapToLong(name -> Long.parseLong(name.group(1)))
                            .max()
                            .orElse(0);
            return Math.max(System.currentTimeMillis() / 1000, newest + 1);
        } catch (IOException e) {
            throw failure(folder, e);
        }
    }

    /**
     * Writes numbers of a step, as the {@code simple_value} that PyTorch's {@code SummaryWriter}
     * writes too; TensorBoard takes it for its newer form.
     *
     * @param values by tag; float32 is what the format has for them
     */
    void scalars(long step, Map<String, Double> values) {
        ProtoMessage summary = new ProtoMessage();
        values.forEach(
                (tag, value) ->
                        summary.putMessage(
                                1,
                                new ProtoMessage()
                                        .putString(1, tag)
                                        .putFloat(2, value.floatValue())));
        write(event(step).putMessage(5, summary));
    }

    /** Writes text in Markdown. */
    void text(long step, String tag, String markdown) {
        ProtoMessage tensor =
                new ProtoMessage()
                        .putInteger(1, DT_STRING)
                        .putMessage(2, new ProtoMessage())
                        .putString(8, markdown);
        ProtoMessage plugin = new ProtoMessage().putString(1, "text");
        ProtoMessage value =
                new ProtoMessage()
                        .putString(1, tag)
                        .putMessage(8, tensor)
                        .putMessage(9, new ProtoMessage().putMessage(1, plugin));
        write(event(step).putMessage(5, new ProtoMessage().putMessage(1, value)));
    }

    /** Writes a picture. */
    void image(long step, String tag, Picture picture) {
        ProtoMessage image =
                new ProtoMessage()
                        .putInteger(1, picture.height())
                        .putInteger(2, picture.width())
                        .putInteger(3, RGB)
                        .putBytes(4, picture.bytes());
        ProtoMessage value = new ProtoMessage().putString(1, tag).putMessage(4, image);
        write(event(step).putMessage(5, new ProtoMessage().putMessage(1, value)));
    }

    private static ProtoMessage event(long step) {
        return new ProtoMessage()
                .putDouble(1, System.currentTimeMillis() / 1000.0)
                .putInteger(2, step);
    }

    private void write(ProtoMessage event) {
        byte[] data = event.toByteArray();
        ByteBuffer record =
                ByteBuffer.allocate(8 + 4 + data.length + 4).order(ByteOrder.LITTLE_ENDIAN);
        record.putLong(data.length);
        record.putInt(maskedChecksum(record.array(), 0, 8));
        record.put(data).putInt(maskedChecksum(data, 0, data.length)).flip();
        try {
            while (record.hasRemaining()) {
                channel.write(record);
            }
        } catch (IOException e) {
            throw failure(path, e);
        }
    }

    /** CRC-32C, masked so that it can be taken again over data that contain it. */
    private static int maskedChecksum(byte[] data, int from, int length) {
        CRC32C checksum = new CRC32C();
        checksum.update(data, from, length);
        return Integer.rotateRight((int) checksum.getValue(), 15) + 0xa282ead8;
    }

    private static InputException failure(Path path, IOException e) {
        return new InputException(path + ": cannot be written: " + InputException.reason(e), e);
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw failure(path, e);
        }
    }
}
