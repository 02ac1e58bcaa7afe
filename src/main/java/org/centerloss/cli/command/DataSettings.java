package org.centerloss.cli.command;

import java.nio.file.Path;
import org.centerloss.cli.option.DataOptions;
import org.centerloss.data.Datasets;
import org.centerloss.data.image.ImageOptions;
import org.centerloss.train.TrainingConfig;

/**
 * What decides what is loaded: equal ones give the same data set.
 *
 * @param images with seed 0 where nothing is chosen by it
 */
record DataSettings(
        String dataset, Path dataDir, boolean checksum, ImageOptions images, boolean skipBroken) {
    static DataSettings of(TrainingConfig.Data data, DataOptions options) {
        ImageOptions images = data.images();
        return new DataSettings(
                data.dataset(),
                options.dataDir,
                data.checksum(),
                Datasets.choosesBySeed(data.dataset(), images) ? images : images.withSeed(0),
                options.skipBroken);
    }
}
