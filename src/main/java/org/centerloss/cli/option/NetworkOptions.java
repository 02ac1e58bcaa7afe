package org.centerloss.cli.option;

import java.nio.file.Path;
import java.util.ArrayList;
import org.centerloss.nn.Architectures;
import org.centerloss.nn.Stem;
import org.centerloss.train.TrainingConfig;
import org.centerloss.train.WeightsFile;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The options that choose the network and the weights that it starts from. */
public final class NetworkOptions {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @OptionGroup.In(OptionGroup.LOSS)
    @Option(
            names = "--network",
            paramLabel = "NETWORK",
            defaultValue = "resnet",
            completionCandidates = ArchitectureNames.class,
            description =
                    "One of: ${COMPLETION-CANDIDATES}. The first is the reference's; lenet++ is that"
                            + " of pytorch-center-loss; resnet-18 to resnet-50 are torchvision's."
                            + " Default: ${DEFAULT-VALUE}.")
    private String network;

    @OptionGroup.In(OptionGroup.LOSS)
    @Option(
            names = "--stem",
            paramLabel = "STEM",
            defaultValue = "standard",
            completionCandidates = StemNames.class,
            description =
                    "How resnet-18 to resnet-50 begin: standard (7×7 with stride 2, then pooling),"
                            + " or small (3×3, no pooling) for images of about 32×32 pixels."
                            + " Default: ${DEFAULT-VALUE}.")
    private String stem;

    @OptionGroup.In(OptionGroup.LOSS)
    @Option(
            names = "--blocks",
            paramLabel = "N",
            defaultValue = "1",
            description =
                    "Residual blocks in each of the five groups of resnet. Default:"
                            + " ${DEFAULT-VALUE}.")
    private int blocks;

    @OptionGroup.In(OptionGroup.LOSS)
    @Option(
            names = "--width",
            paramLabel = "N",
            defaultValue = "1",
            description = "Factor on the channels of resnet. Default: ${DEFAULT-VALUE}.")
    private int widthFactor;

    @OptionGroup.In(OptionGroup.LOSS)
    @Option(
            names = "--init",
            paramLabel = "FILE",
            description =
                    "Start from the weights in this safetensors file instead of random ones: what"
                            + " PyTorch saved of the network (of torchvision's without its fc), an"
                            + " export or a checkpoint. Momentum and schedule start anew; what the"
                            + " file lacks beside the network (centers) is drawn. Default: random"
                            + " weights.")
    private Path init;

    /** The registry's names, for help and completion. */
    static final class ArchitectureNames extends ArrayList<String> {
        private static final long serialVersionUID = 1L;

        ArchitectureNames() {
            super(Architectures.keys());
        }
    }

    /** The names of stems, for help and completion. */
    static final class StemNames extends ArrayList<String> {
        private static final long serialVersionUID = 1L;

        StemNames() {
            super(Stem.keys());
        }
    }

    /** The choice, for an embedding of {@code features} dimensions. */
    TrainingConfig.Network network(int features) {
        TrainOptions.requireName(spec, "--network", network, Architectures.keys());
        TrainOptions.requireName(spec, "--stem", stem, Stem.keys());
        return new TrainingConfig.Network(
                features,
                blocks,
                widthFactor,
                init == null ? null : WeightsFile.read(init).identity(),
                network,
                Stem.of(stem));
    }
}
