package org.centerloss.report.tensorboard;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.centerloss.base.AtomicFile;
import org.centerloss.base.ImageLibrary;
import org.centerloss.data.ImageSet;
import org.centerloss.data.Stratified;
import org.centerloss.evaluate.Embeddings;
import org.centerloss.report.picture.Snapshot;

/**
 * Test images for TensorBoard's embedding projector: {@code features.tsv}, {@code metadata.tsv}
 * (class, predicted class, whether that is right, label and index of the image), {@code
 * sprite.png}, and {@code projector_config.pbtxt}, which names them.
 *
 * <p>Source: TensorBoard's {@code projector_config.proto} and {@code projector_plugin.py}. The
 * features are text, since TensorBoard recognises float32 bytes only where they happen to be no
 * UTF-8. The first column that is not all numbers is what it labels points with.
 */
final class Projector {
    /** A browser still moves so many smoothly. */
    private static final int MOST_POINTS = 2000;

    private Projector() {}

    /**
     * Writes the files, replacing those of an earlier epoch.
     *
     * @param snapshot of {@code test}
     * @param seed of the choice, where there are too many images
     */
    static void write(Path folder, Snapshot snapshot, ImageSet test, long seed) {
        Embeddings embeddings = snapshot.test();
        int[] chosen =
                Stratified.sample(
                        seed, embeddings.labels(), snapshot.classes().size(), MOST_POINTS);
        Sprite sprite = Sprite.of(test, chosen);
        AtomicFile.write(
                folder.resolve("sprite.png"),
                out -> {
                    ImageWriter writer = ImageLibrary.writer("png");
                    try (MemoryCacheImageOutputStream png = new MemoryCacheImageOutputStream(out)) {
                        writer.setOutput(png);
                        writer.write(sprite.image());
                    } finally {
                        writer.dispose();
                    }
                });
        write(folder.resolve("features.tsv"), features(embeddings, chosen));
        write(folder.resolve("metadata.tsv"), metadata(snapshot, chosen));
        write(
                folder.resolve("projector_config.pbtxt"),
                """
                embeddings {
                  tensor_name: "epoch_%d"
                  tensor_shape: %d
                  tensor_shape: %d
                  tensor_path: "features.tsv"
                  metadata_path: "metadata.tsv"
                  sprite {
                    image_path: "sprite.png"
                    single_image_dim: %d
                    single_image_dim: %d
                  }
                }
                """
                        .formatted(
                                snapshot.epoch(),
                                chosen.length,
                                snapshot.dimension(),
                                sprite.tileWidth(),
                                sprite.tileHeight()));
    }

    private static StringBuilder features(Embeddings embeddings, int[] chosen) {
        int dimension = embeddings.dimension();
        StringBuilder lines = new StringBuilder();
        for (int i : chosen) {
            for (int k = 0; k < dimension; k++) {
                lines.append(embeddings.features()[i * dimension + k]);
                lines.append(k + 1 < dimension ? '\t' : '\n');
            }
        }
        return lines;
    }

    private static StringBuilder metadata(Snapshot snapshot, int[] chosen) {
        Embeddings embeddings = snapshot.test();
        StringBuilder lines = new StringBuilder("class\tpredicted\tcorrect\tlabel\tindex\n");
        for (int i : chosen) {
            int label = embeddings.labels()[i];
            int prediction = embeddings.predictions()[i];
            lines.append(name(snapshot, label)).append('\t').append(name(snapshot, prediction));
            lines.append('\t').append(label == prediction ? "yes" : "no");
            lines.append('\t').append(label).append('\t').append(i).append('\n');
        }
        return lines;
    }

    /** A class's name without what would end its cell. */
    private static String name(Snapshot snapshot, int label) {
        return snapshot.classes().get(label).replaceAll("\\p{Cntrl}", " ");
    }

    private static void write(Path file, CharSequence text) {
        AtomicFile.write(file, out -> out.write(text.toString().getBytes(StandardCharsets.UTF_8)));
    }
}
