package org.centerloss.report.tensorboard;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Label;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Type;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import com.google.protobuf.TextFormat;
import java.awt.image.Raster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.centerloss.data.ImageSet;
import org.centerloss.data.Stratified;
import org.centerloss.evaluate.Embeddings;
import org.centerloss.report.picture.Snapshot;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProjectorTest {
    private static final long SEED = 5;
    private static final List<String> CLASSES = List.of("T-shirt/top", "tab\there", "Kleid, grün");

    @TempDir private Path folder;

    private static ImageSet images(int channels, int height, int width, int count) {
        byte[] pixels = new byte[count * channels * height * width];
        new Random(SEED).nextBytes(pixels);
        int[] labels = IntStream.range(0, count).map(i -> i % 3).toArray();
        return new ImageSet(channels, height, width, pixels, labels);
    }

    private static Snapshot snapshot(ImageSet test, int dimension) {
        Random random = new Random(SEED);
        float[] features = new float[test.count() * dimension];
        int[] predictions = new int[test.count()];
        for (int i = 0; i < features.length; i++) {
            features[i] = (float) (random.nextGaussian() * Math.pow(10, random.nextInt(12) - 6));
        }
        for (int i = 0; i < predictions.length; i++) {
            predictions[i] = random.nextInt(3);
        }
        Embeddings embeddings = new Embeddings(dimension, features, test.labels(), predictions);
        return new Snapshot(7, CLASSES, embeddings, embeddings, new float[3 * dimension], null);
    }

    private Message config() throws IOException, DescriptorValidationException {
        DynamicMessage.Builder config = DynamicMessage.newBuilder(projectorConfig());
        TextFormat.merge(Files.readString(folder.resolve("projector_config.pbtxt")), config);
        Message message = config.build();
        List<?> embeddings = (List<?>) get(message, "embeddings");
        assertEquals(1, embeddings.size());
        return (Message) embeddings.get(0);
    }

    private static Object get(Message message, String field) {
        return message.getField(message.getDescriptorForType().findFieldByName(field));
    }

    /** TensorBoard's {@code projector_config.proto}. */
    private static Descriptor projectorConfig() throws DescriptorValidationException {
        DescriptorProto sprite =
                DescriptorProto.newBuilder()
                        .setName("SpriteMetadata")
                        .addField(field("image_path", 1, Type.TYPE_STRING, false))
                        .addField(field("single_image_dim", 2, Type.TYPE_UINT32, true))
                        .build();
        DescriptorProto embedding =
                DescriptorProto.newBuilder()
                        .setName("EmbeddingInfo")
                        .addField(field("tensor_name", 1, Type.TYPE_STRING, false))
                        .addField(field("metadata_path", 2, Type.TYPE_STRING, false))
                        .addField(field("bookmarks_path", 3, Type.TYPE_STRING, false))
                        .addField(field("tensor_shape", 4, Type.TYPE_UINT32, true))
                        .addField(
                                field("sprite", 5, Type.TYPE_MESSAGE, false)
                                        .setTypeName("SpriteMetadata"))
                        .addField(field("tensor_path", 6, Type.TYPE_STRING, false))
                        .build();
        DescriptorProto config =
                DescriptorProto.newBuilder()
                        .setName("ProjectorConfig")
                        .addField(field("model_checkpoint_path", 1, Type.TYPE_STRING, false))
                        .addField(
                                field("embeddings", 2, Type.TYPE_MESSAGE, true)
                                        .setTypeName("EmbeddingInfo"))
                        .addField(field("model_checkpoint_dir", 3, Type.TYPE_STRING, false))
                        .build();
        FileDescriptorProto file =
                FileDescriptorProto.newBuilder()
                        .setSyntax("proto3")
                        .addMessageType(sprite)
                        .addMessageType(embedding)
                        .addMessageType(config)
                        .build();
        return FileDescriptor.buildFrom(file, new FileDescriptor[0])
                .findMessageTypeByName("ProjectorConfig");
    }

    private static FieldDescriptorProto.Builder field(
            String name, int number, Type type, boolean repeated) {
        return FieldDescriptorProto.newBuilder()
                .setName(name)
                .setNumber(number)
                .setType(type)
                .setLabel(repeated ? Label.LABEL_REPEATED : Label.LABEL_OPTIONAL);
    }

    private List<String[]> table(String file) throws IOException {
        return Files.readAllLines(folder.resolve(file)).stream()
                .map(line -> line.split("\t", -1))
                .toList();
    }

    private Raster sprite() throws IOException {
        return ImageIO.read(folder.resolve("sprite.png").toFile()).getRaster();
    }

    @Test
    void theFilesHoldTheSnapshotAndTheImages() throws Exception {
        ImageSet test = images(3, 10, 14, 31);
        Snapshot snapshot = snapshot(test, 4);
        Projector.write(folder, snapshot, test, SEED);

        Message config = config();
        assertEquals("epoch_7", get(config, "tensor_name"));
        assertEquals(List.of(31, 4), get(config, "tensor_shape"));
        assertEquals("features.tsv", get(config, "tensor_path"));
        assertEquals("metadata.tsv", get(config, "metadata_path"));
        Message spriteConfig = (Message) get(config, "sprite");
        assertEquals("sprite.png", get(spriteConfig, "image_path"));
        assertEquals(List.of(14, 10), get(spriteConfig, "single_image_dim"));

        List<String[]> features = table("features.tsv");
        List<String[]> metadata = table("metadata.tsv");
        assertEquals(31, features.size());
        assertEquals(32, metadata.size());
        assertArrayEquals(
                new String[] {"class", "predicted", "correct", "label", "index"}, metadata.get(0));
        List<String> names = List.of("T-shirt/top", "tab here", "Kleid, grün");
        Raster sprite = sprite();
        assertEquals(6 * 14, sprite.getWidth());
        assertEquals(6 * 10, sprite.getHeight());
        for (int i = 0; i < 31; i++) {
            for (int k = 0; k < 4; k++) {
                float expected = snapshot.test().features()[4 * i + k];
                assertEquals(expected, Float.parseFloat(features.get(i)[k]));
            }
            int label = i % 3;
            int prediction = snapshot.test().predictions()[i];
            assertArrayEquals(
                    new String[] {
                        names.get(label),
                        names.get(prediction),
                        label == prediction ? "yes" : "no",
                        String.valueOf(label),
                        String.valueOf(i)
                    },
                    metadata.get(i + 1));
            for (int j = 0; j < 3 * 10 * 14; j++) {
                int found =
                        sprite.getSample(
                                i % 6 * 14 + j % 14, i / 6 * 10 + j / 14 % 10, j / (10 * 14));
                assertEquals(test.pixels()[i * 420 + j] & 0xff, found, "image " + i);
            }
        }
    }

    @Test
    void ofManyImagesASeededShareOfEachClassIsShown() throws Exception {
        ImageSet test = images(1, 2, 3, 2500);
        Snapshot snapshot = snapshot(test, 2);
        Projector.write(folder, snapshot, test, SEED);
        int[] chosen = Stratified.sample(SEED, test.labels(), 3, 2000);
        List<String[]> metadata = table("metadata.tsv");
        List<String[]> features = table("features.tsv");
        Raster sprite = sprite();
        assertEquals(1, sprite.getNumBands());
        assertEquals(45 * 3, sprite.getWidth());
        assertEquals(45 * 2, sprite.getHeight());
        assertEquals(2000, features.size());
        int[] counts = new int[3];
        for (int i = 0; i < 2000; i++) {
            assertEquals(String.valueOf(chosen[i]), metadata.get(i + 1)[4]);
            assertEquals(
                    snapshot.test().features()[2 * chosen[i]],
                    Float.parseFloat(features.get(i)[0]));
            assertEquals(
                    test.pixels()[6 * chosen[i] + 4] & 0xff,
                    sprite.getSample(i % 45 * 3 + 1, i / 45 * 2 + 1, 0));
            counts[Integer.parseInt(metadata.get(i + 1)[3])]++;
        }
        for (int count : counts) {
            assertEquals(2000 / 3.0, count, 1);
        }
    }

    @Test
    void largeImagesAreShrunkToTheMeansOfTheirPixels() throws Exception {
        ImageSet test = images(1, 65, 200, 2);
        Projector.write(folder, snapshot(test, 2), test, SEED);
        assertEquals(List.of(50, 32), get((Message) get(config(), "sprite"), "single_image_dim"));
        Raster sprite = sprite();
        assertEquals(100, sprite.getWidth());
        assertEquals(64, sprite.getHeight());
        int sum = 0;
        for (int row = 62; row < 64; row++) {
            for (int column = 196; column < 200; column++) {
                sum += test.pixels()[65 * 200 + row * 200 + column] & 0xff;
            }
        }
        assertEquals(Math.round(sum / 8.0), sprite.getSample(99, 31, 0));
        assertEquals(0, sprite.getSample(0, 32, 0), "a place that is left over");
    }

    @Test
    void aLaterBestEpochReplacesTheFiles() throws Exception {
        ImageSet test = images(1, 8, 8, 5);
        Projector.write(folder, snapshot(test, 3), test, SEED);
        Snapshot two = snapshot(test, 2);
        Projector.write(folder, two, test, SEED);
        assertEquals(2, table("features.tsv").get(0).length);
        assertEquals(List.of(5, 2), get(config(), "tensor_shape"));
        assertTrue(Files.notExists(folder.resolve(".features.tsv.tmp")));
    }
}
