package org.centerloss.data.folder;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.centerloss.data.Dataset;
import org.centerloss.data.DatasetOptions;
import org.centerloss.data.ImageSet;
import org.centerloss.data.image.ImageOptions;
import org.centerloss.data.image.Images;
import org.junit.jupiter.api.io.TempDir;

/** A folder of images, made by a test, and what is said while it is read. */
abstract class FolderOfImages {
    static final ImageOptions AS_THEY_ARE = ImageOptions.AS_THEY_ARE;

    @TempDir Path root;
    final List<String> notices = Collections.synchronizedList(new ArrayList<>());
    final List<Integer> progress = Collections.synchronizedList(new ArrayList<>());

    Dataset read(ImageOptions images) {
        return ImageFolder.read(
                root,
                new DatasetOptions(
                        null, true, images, notices::add, (done, total) -> progress.add(done)));
    }

    /** Gray images of a class, image i with the value first + i. */
    void grays(String classFolder, int count, int first) {
        for (int i = 0; i < count; i++) {
            Images.gray(
                    root.resolve(classFolder + "/" + (char) ('a' + i) + ".png"), 4, 3, first + i);
        }
    }

    static int[] values(ImageSet set) {
        int size = set.pixels().length / set.count();
        int[] values = new int[set.count()];
        for (int i = 0; i < values.length; i++) {
            values[i] = set.pixels()[i * size] & 0xff;
        }
        return values;
    }
}
