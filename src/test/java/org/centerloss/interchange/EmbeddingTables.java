package org.centerloss.interchange;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.centerloss.evaluate.Embeddings;

/** Tables with awkward names and numbers. */
final class EmbeddingTables {
    static final List<String> CLASSES = List.of("T-shirt/top", "say \"hi\", twice", "äöü");

    private EmbeddingTables() {}

    static EmbeddingTable numbered() {
        float[] features = {0.1f, -3e-20f, Float.MIN_VALUE, 1f / 3, Float.MAX_VALUE, Float.NaN};
        return new EmbeddingTable(
                CLASSES,
                List.of(),
                new Embeddings(2, features, new int[] {2, 0, 1}, new int[] {2, 1, 1}));
    }

    static EmbeddingTable ofFiles() {
        return new EmbeddingTable(
                CLASSES,
                List.of(Path.of("photos/a, b.png"), Path.of("größe.png"), Path.of("c.png")),
                Arrays.asList(null, null, "empty file: expected an image"),
                new Embeddings(
                        1,
                        new float[] {4, 5, Float.NaN},
                        new int[] {-1, 0, -1},
                        new int[] {1, 2, 0}));
    }
}
