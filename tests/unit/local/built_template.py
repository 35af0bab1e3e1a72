"""A built template of two functions that share a layer, one of which uses a queue, a condition and a nested stack."""

from brightspot_local.dev.intrinsics import NESTED

TEMPLATE = {
    "Parameters": {
        "Env": {"Type": "String", "Default": "dev"},
        "Level": {"Type": "String", "Default": "INFO"},
        "Days": {"Type": "Number", "Default": 90},
        "Address": {"Type": "String", "Default": ""},
        "NodeSize": {"Type": "String", "Default": "small"},
    },
    "Mappings": {"ByEnv": {"dev": {"Size": 1, "Keep": 7}, "prod": {"Size": 2, "Keep": 90}}},
    "Conditions": {
        "Given": {"Fn::Not": [{"Fn::Equals": [{"Ref": "Address"}, ""]}]},
        "Own": {"Fn::Not": [{"Condition": "Given"}]},
    },
    "Globals": {
        "Function": {
            "MemorySize": 512,
            "Layers": [{"Ref": "Shared"}],
            "Environment": {"Variables": {"LEVEL": {"Ref": "Level"}}},
        }
    },
    "Resources": {
        "Shared": {"Type": "AWS::Serverless::LayerVersion", "Properties": {"ContentUri": "Shared"}},
        "Reader": {
            "Type": "AWS::Serverless::Function",
            "Metadata": {"BuildMethod": "makefile"},
            "Properties": {
                "CodeUri": "Reader",
                "Description": "reads",
                "Environment": {"Variables": {"DAYS": {"Fn::Sub": "${Days}"}}},
                "Policies": [{"Statement": [{"Action": "dynamodb:GetItem"}]}],
                "Events": {"Get": {"Type": "HttpApi", "Properties": {"Path": "/"}}},
                "AutoPublishAlias": "live",
            },
        },
        "Writer": {
            "Type": "AWS::Serverless::Function",
            "Properties": {
                "CodeUri": "Writer",
                "MemorySize": {"Fn::FindInMap": ["ByEnv", {"Ref": "Env"}, "Size"]},
                "Environment": {
                    "Variables": {
                        "QUEUE": {"Ref": "Queue"},
                        "HOST": {"Fn::Sub": "${Store.Outputs.Host}:6379"},
                        "STORE": {"Fn::If": ["Own", {"Fn::GetAtt": "Cache.Host"}, {"Ref": "Address"}]},
                    }
                },
            },
        },
        "Store": {
            "Type": "AWS::CloudFormation::Stack",
            "Properties": {"TemplateURL": "store.yaml", "Parameters": {"Size": {"Ref": "NodeSize"}, "Zones": 2}},
        },
        "Queue": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "work", "VisibilityTimeout": 60}},
    },
}
STORE = {
    "Parameters": {"Size": {"Type": "String"}, "Zones": {"Type": "Number"}},
    "Resources": {
        "Server": {"Type": "AWS::ElastiCache::ReplicationGroup", "Properties": {"CacheNodeType": {"Ref": "Size"}}},
        "Alarm": {"Type": "AWS::CloudWatch::Alarm", "Properties": {"Dimensions": [{"Ref": "Server"}]}},
    },
    "Outputs": {
        "Host": {"Value": {"Fn::GetAtt": "Server.PrimaryEndPoint.Address"}},
        "Zones": {"Value": {"Ref": "Zones"}},
    },
}
TEMPLATE["Resources"]["Store"][NESTED] = STORE
