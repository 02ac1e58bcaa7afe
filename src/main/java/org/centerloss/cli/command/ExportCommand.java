package org.centerloss.cli.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.centerloss.base.InputException;
import org.centerloss.base.Output;
import org.centerloss.cli.Main;
import org.centerloss.cli.Terminal;
import org.centerloss.cli.Version;
import org.centerloss.cli.option.CenterOptions;
import org.centerloss.cli.option.ModelParameter;
import org.centerloss.evaluate.CenterKind;
import org.centerloss.interchange.ExportedModel;
import org.centerloss.interchange.OnnxModel;
import org.centerloss.interchange.StateDict;
import org.centerloss.train.Checkpoint;
import org.centerloss.train.ClassCenters;
import org.centerloss.train.Threshold;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Writes a trained model for other programs. */
@Command(
        name = "export",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Write a trained model as a file for other programs.",
            "",
            "  onnx         images in; features, logits and distances to the centers out",
            "  safetensors  weights for load_state_dict(strict=True) of the reference's network in"
                    + " PyTorch; 'centers' are the trained ones unless --centers means is given"
        },
        footer = {
            "",
            "Examples:",
            "  centerloss export runs/NAME --out model.onnx",
            "  centerloss export runs/NAME --out weights.safetensors",
            "  centerloss export runs/NAME/checkpoints/last.safetensors --out last.onnx"
        })
public final class ExportCommand implements Callable<Integer> {
    /** What can be written. */
    enum Format {
        ONNX,
        SAFETENSORS;

        /** The ending of such files. */
        String ending() {
            return "." + name().toLowerCase(Locale.ROOT);
        }
    }

    @Spec private CommandSpec spec;
    @Mixin private ModelParameter model;

    @Option(
            names = "--format",
            paramLabel = "onnx|safetensors",
            description = "What to write. Default: what the ending of the file says.")
    private Format format;

    @Option(
            names = "--out",
            required = true,
            paramLabel = "FILE",
            description = "The file to write; one that is there is replaced.")
    private Path out;

    @Option(
            names = "--no-centers",
            description =
                    "Leave 'centers', which are no part of PyTorch's network, out of a safetensors"
                            + " file.")
    private boolean noCenters;

    @Mixin private CenterOptions centerOptions;

    @Override
    public Integer call() {
        Format chosen = format();
        Path file = model.checkpoint();
        if (out.equals(Output.STANDARD)) {
            throw usage("--out -: expected a file, as no export is text");
        }
        Output.requireWritable(out);
        Checkpoint checkpoint = model.read(spec.commandLine().getErr());
        requireOther(file);
        ExportedModel exported = exported(checkpoint, chosen);
        PrintWriter printer = Terminal.printer(spec.commandLine(), List.of(out));
        if (chosen == Format.ONNX) {
            List<String> values = OnnxModel.write(exported, out);
            printer.printf("%s: the ONNX model of %s%n", out, file);
            values.forEach(line -> printer.println("  " + line));
        } else {
            int tensors = StateDict.write(exported, !noCenters, out);
            String centers = "centers included, the " + exported.kind().text();
            printer.printf(
                    "%s: %d float32 tensors of %s, %s%n",
                    out, tensors, file, noCenters ? "centers left out" : centers);
        }
        return Main.SUCCESS;
    }

    /** Weights to train on from have the trained centers unless told otherwise. */
    private ExportedModel exported(Checkpoint checkpoint, Format chosen) {
        CenterKind kind = CenterKind.TRAINED;
        double[][] centers = ClassCenters.parameter(checkpoint);
        if (chosen == Format.ONNX || centerOptions.isGiven()) {
            PrintWriter err = spec.commandLine().getErr();
            CenterOptions.Choice choice = centerOptions.choose(checkpoint, model.path, err);
            kind = choice.kind().orElse(kind);
            centers = choice.chosen().orElse(centers);
        }
        return new ExportedModel(
                checkpoint, kind, centers, threshold(checkpoint, centers), Version.version());
    }

    /**
     * What evaluate calibrated for this very checkpoint and these centers; null, with a note, where
     * it did not.
     */
    private Threshold threshold(Checkpoint checkpoint, double[][] centers) {
        Path file = Threshold.file(model.path);
        String reason = "before " + CenterOptions.remedy(model.path);
        if (Files.exists(file)) {
            Threshold threshold = Threshold.read(file);
            if (threshold.isOf(checkpoint)) {
                if (threshold.isFor(centers)) {
                    return threshold;
                }
                reason = "as that of %s is for %s".formatted(file, threshold.measuredTo());
            }
        }
        spec.commandLine()
                .getErr()
                .printf(
                        "centerloss: note: without a distance beyond which images are unknown,"
                                + " %s%n",
                        reason);
        return null;
    }

    private Format format() {
        Format chosen = format != null ? format : byEnding();
        if (noCenters && chosen == Format.ONNX) {
            throw usage("--no-centers: expected --format safetensors beside it, found onnx");
        }
        return chosen;
    }

    private Format byEnding() {
        String name = String.valueOf(out.getFileName()).toLowerCase(Locale.ROOT);
        for (Format known : Format.values()) {
            if (name.endsWith(known.ending())) {
                return known;
            }
        }
        throw usage(
                "--out: expected a name that ends in .onnx or .safetensors, or a --format beside"
                        + " it, found "
                        + out);
    }

    /** Refuses to write over what is read: a checkpoint holds more than an export. */
    private void requireOther(Path file) {
        try {
            if (Files.exists(out) && Files.isSameFile(out, file)) {
                throw new InputException(
                        "--out: expected another file than the checkpoint, found " + out);
            }
        } catch (IOException e) {
            throw new InputException(out + ": cannot be read: " + InputException.reason(e), e);
        }
    }

    private ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
