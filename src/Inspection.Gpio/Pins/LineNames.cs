namespace Inspection.Gpio;

/// <summary>The lines of a station, as the pin map and the screen name them.</summary>
public static class LineNames
{
    /// <summary>Output: permits the relay.</summary>
    public const string RelayEnable = "relay-enable";

    /// <summary>Output: pulses through the watchdog circuit.</summary>
    public const string Heartbeat = "heartbeat";

    /// <summary>Output: one pulse for each part that may pass.</summary>
    public const string Pass = "pass";

    /// <summary>Input: the plant's e-stop is pressed.</summary>
    public const string EStop = "e-stop";

    /// <summary>Input: the stop switch is pressed.</summary>
    public const string StopSwitch = "stop-switch";

    /// <summary>Input: the key is turned; its contact closes.</summary>
    public const string Key = "key";

    /// <summary>Input: the key is turned; its second contact opens.</summary>
    public const string KeyOpening = "key-nc";

    /// <summary>Input: the relay has pulled in.</summary>
    public const string RelayFeedback = "relay-feedback";

    /// <summary>On the simulated panel only: the relay's contact is closed.</summary>
    public const string Relay = "relay";

    /// <summary>On the simulated panel only: the lamp that the relay's contact lights.</summary>
    public const string StackGreen = "stack-green";

    /// <summary>On the simulated panel only: the lamp that the relay's second contact lights while it is open.</summary>
    public const string StackRed = "stack-red";

    /// <summary>The outputs of a pin map, in its order.</summary>
    public static IReadOnlyList<string> Outputs { get; } = [RelayEnable, Heartbeat, Pass];

    /// <summary>The inputs of a pin map, in its order.</summary>
    public static IReadOnlyList<string> Inputs { get; } = [EStop, StopSwitch, Key, KeyOpening, RelayFeedback];
}
