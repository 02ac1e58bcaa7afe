package org.centerloss.cli.option;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Optional;
import java.util.regex.Pattern;
import org.centerloss.device.Device;
import org.centerloss.device.DeviceSettings;
import org.centerloss.devices.Devices;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Where to compute: options that several commands share. */
public final class DeviceOptions {
    private static final String AUTO = "auto";

    /** On a machine of few processors; more have each other wait. */
    private static final int MOST_THREADS = 64;

    /** As the reference's script has it: a digit for each GPU. */
    private static final Pattern SEVERAL_GPUS = Pattern.compile("\\d{2,}");

    /** For completion; a number of a GPU is typed by hand. */
    static final class Names extends ArrayList<String> {
        private static final long serialVersionUID = 1L;

        Names() {
            super(Devices.NAMES);
        }
    }

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--device",
            paramLabel = "DEVICE",
            defaultValue = AUTO,
            completionCandidates = Names.class,
            description =
                    "auto (a GPU where one works, else the CPU), cpu, cuda (cuda:1 for the second"
                            + " GPU) or reference (float64, slow). Default: ${DEFAULT-VALUE}.")
    private String device;

    @OptionGroup.In(OptionGroup.DEVICE)
    @Option(
            names = "--threads",
            paramLabel = "N",
            defaultValue = "0",
            description = "Threads of the CPU device; 0 for all processors. Default: 0.")
    private int threads;

    @OptionGroup.In(OptionGroup.DEVICE)
    @Option(
            names = "--sync",
            description =
                    "Wait for and check every call to the GPU, so that a failure names its kernel;"
                            + " slow.")
    private boolean synchronous;

    @OptionGroup.In(OptionGroup.DEVICE)
    @Option(
            names = "--verbose",
            description =
                    "Say all that keeps auto from a GPU, or which algorithms a GPU's convolutions"
                            + " run with.")
    private boolean verbose;

    @OptionGroup.In(OptionGroup.DEVICE)
    @Option(
            names = "--gpu-ids",
            paramLabel = "IDS",
            hidden = true,
            description = "The reference script's choice of a GPU, a digit; -1 for the CPU.")
    private String gpuIds;

    /** Opens the chosen device, to compute as exactly as it can. */
    public Device open() {
        return open(new PrecisionOptions());
    }

    /** Opens the chosen device. */
    public Device open(PrecisionOptions precision) {
        String name = gpu().orElse(device);
        if (!Devices.isName(name)) {
            TrainOptions.requireName(spec, "--device", name, Devices.NAMES);
        }
        int most = Math.max(MOST_THREADS, 4 * Runtime.getRuntime().availableProcessors());
        if (threads < 0 || threads > most) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--threads: expected 0 to %d, found %d".formatted(most, threads));
        }
        PrintWriter err = spec.commandLine().getErr();
        if (gpuIds != null && SEVERAL_GPUS.matcher(gpuIds).matches()) {
            err.printf(
                    "centerloss: note: --gpu-ids %s: one GPU computes, %s%n", gpuIds, gpu().get());
        }
        return Devices.open(
                name,
                new DeviceSettings(
                        threads,
                        synchronous,
                        precision.tf32,
                        !precision.nondeterministic,
                        line -> err.println("centerloss: note: " + line),
                        line -> {
                            if (verbose) {
                                err.println(line);
                            }
                        }));
    }

    /**
     * The device that {@code --gpu-ids} means, where it was given; of several GPUs the first.
     *
     * @throws ParameterException if it is no number, or {@code --device} means another device
     */
    public Optional<String> gpu() {
        if (gpuIds == null || gpuIds.isBlank()) {
            return Optional.empty();
        }
        String first = SEVERAL_GPUS.matcher(gpuIds).matches() ? gpuIds.substring(0, 1) : gpuIds;
        String name = gpuIds.equals("-1") ? "cpu" : "cuda:" + first;
        if (!Devices.isName(name)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--gpu-ids: expected the number of one GPU, or -1 for the CPU, found "
                            + gpuIds);
        }
        boolean firstGpu = device.equals("cuda") && name.equals("cuda:0");
        if (!device.equals(AUTO) && !device.equals(name) && !firstGpu) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--gpu-ids: expected the same device as --device %s, found %s"
                            .formatted(device, gpuIds));
        }
        return Optional.of(name);
    }
}
