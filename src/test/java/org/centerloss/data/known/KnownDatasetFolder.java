package org.centerloss.data.known;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.centerloss.data.Dataset;
import org.centerloss.data.DatasetOptions;
import org.centerloss.data.Datasets;
import org.centerloss.data.image.ImageOptions;
import org.junit.jupiter.api.io.TempDir;

/** Files of known data sets in a folder, made by a test, and what is said while they are loaded. */
abstract class KnownDatasetFolder {
    @TempDir Path folder;

    final List<String> notices = new ArrayList<>();

    Dataset load(KnownDataset known, boolean checksum) {
        return Datasets.load(
                known,
                new DatasetOptions(
                        null, checksum, ImageOptions.AS_THEY_ARE, notices::add, (a, b) -> {}),
                List.of(folder.resolve("nothing"), folder));
    }

    Dataset load(KnownDataset known) {
        return load(known, false);
    }

    /** An IDX file of 2 × 3 images whose pixels are 1, 2, …, 6. */
    static byte[] images(int count) {
        byte[] images = Bytes.idxImages(count, 2, 3);
        for (int i = 16; i < images.length; i++) {
            images[i] = (byte) ((i - 16) % 6 + 1);
        }
        return images;
    }

    static byte[] labels(int... values) {
        byte[] labels = Bytes.idxLabels(values.length);
        for (int i = 0; i < values.length; i++) {
            labels[8 + i] = (byte) values[i];
        }
        return labels;
    }
}
