package org.centerloss.report.page;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.centerloss.data.image.ImageOptions;
import org.centerloss.device.op.Augmentation;
import org.centerloss.loss.Objectives;
import org.centerloss.optim.Optimizers;
import org.centerloss.optim.Schedules;
import org.centerloss.train.RunDirectory;
import org.centerloss.train.TrainingConfig;

/** A run's directory with numbers that are easy to recognise. */
public final class ExampleRun {
    static final String HOSTILE = "</script><script>alert(1)</script>";

    private ExampleRun() {}

    public static TrainingConfig config(String loss, String dataset, int features, int epochs) {
        return new TrainingConfig(
                new TrainingConfig.Data(
                        dataset, null, true, ImageOptions.AS_THEY_ARE, Augmentation.NONE),
                new TrainingConfig.Network(features, 1, 1, null),
                new TrainingConfig.Loss(loss, Objectives.Settings.DEFAULT, "sgd", 0.5),
                new TrainingConfig.Optimization(
                        128,
                        0.01,
                        Schedules.Settings.plateau(0.2, 10, 0.1),
                        Optimizers.Settings.sgd(0.9, 0)),
                0,
                epochs,
                0,
                new TrainingConfig.Pace(50, 500));
    }

    /** Three epochs, the second of which is the best. */
    public static Path write(Path folder, TrainingConfig config) throws IOException {
        try (RunDirectory run = RunDirectory.create(folder)) {
            run.writeConfig(
                    config, Map.of("device", "cpu", "device_description", HOSTILE), Map.of());
        }
        boolean standalone = config.loss().objective().equals("standalone");
        lines(
                folder.resolve("metrics.csv"),
                "epoch,step,learning_rate,loss,%s,train_accuracy,test_accuracy,accuracy_gap,images_per_second"
                        .formatted(standalone ? "intra,inter" : "xent,intra"),
                "1,100,0.01,-10.123456789,3.5,141.25,0.625,0.5,0.125,1280.0",
                "2,200,0.01,-15.25,3.25,185.5,0.75,0.8125,-0.0625,2560.0",
                "3,300,0.002,-25.5,2.5,276.75,0.875,0.75,0.125,1280.0");
        lines(
                folder.resolve("steps.csv"),
                "step,epoch,learning_rate,loss",
                "50,1,0.01,NaN",
                "100,1,0.01,-12.0625",
                "300,3,0.002,-30.5");
        lines(
                folder.resolve("classes.csv"),
                "epoch,metric,class,other_class,value",
                "1,accuracy,\"%s\",,0.25".formatted(HOSTILE),
                "2,accuracy,\"%s\",,0.9375".formatted(HOSTILE),
                "2,intra_distance_mean,\"%s\",,1.53125".formatted(HOSTILE),
                "2,intra_distance_deviation,\"%s\",,0.28125".formatted(HOSTILE),
                "2,accuracy,empty,,NaN",
                "2,center_distance,\"%s\",empty,4.5".formatted(HOSTILE));
        return folder;
    }

    private static void lines(Path file, String... lines) throws IOException {
        Files.write(file, List.of(lines));
    }
}
