using Inspection.Core;
using MQTTnet;

namespace Inspection.Mqtt;

/// <summary>The station's topics, all under one root.</summary>
internal sealed class Topics
{
    private readonly Dictionary<EntryKind, string> _byKind;

    public Topics(string root)
    {
        Root = root;
        Verdict = root + "/verdict";
        Status = root + "/status";
        RequestTrip = root + "/request-trip";
        Gap = root + "/gap";
        _byKind = Enum.GetValues<EntryKind>().ToDictionary(k => k, k => k == EntryKind.Inspection ? Verdict : $"{root}/{Codes.Of(k)}");
    }

    public string Root { get; }

    public string Verdict { get; }

    public string Status { get; }

    public string RequestTrip { get; }

    public string Gap { get; }

    /// <summary>The topic of a kind of message.</summary>
    public string Of(EntryKind kind) => _byKind[kind];

    /// <summary>True where a subscription's filter covers a topic, wildcards included.</summary>
    public static bool Covers(string filter, string topic)
        => MqttTopicFilterComparer.Compare(topic, filter) == MqttTopicFilterCompareResult.IsMatch;
}
